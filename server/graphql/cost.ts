/** What a document may cost, counted before anything is read: lists multiply what is asked of their entries. */
import { GraphQLError, type GraphQLOutputType, getNamedType, getNullableType, isListType } from 'graphql'

/** Some ten times what a page of a frontend needs. */
export const maxCost = 20_000

/** Of a connection that is not told how many, and of a list that cannot be. */
const usualPage = 20
const usualList = 10

type Args = Readonly<Record<string, unknown>>
/** What is read of a `GraphQLField`. */
interface Field {
  readonly args: readonly { readonly name: string }[]
  readonly type: GraphQLOutputType
}

export const costOptions = {
  limit: { complexity: maxCost },
  fieldComplexity: (args: Args, _context: unknown, field: Field) => ({
    field: 1,
    multiplier: entriesOf(args, field),
  }),
  complexityError: (_kind: string, { complexity }: { readonly complexity: number }) =>
    new GraphQLError(
      `This document costs ${complexity}, and at most ${maxCost} is allowed: each list counts as often as it can have entries. Ask for fewer entries, or less of each.`,
      { extensions: { code: 'too_costly' } },
    ),
}

function entriesOf(args: Args, { args: known, type }: Field): number {
  if (known.some(({ name }) => name === 'first')) {
    const [wanted] = [args['first'], args['last']].filter((value) => typeof value === 'number')
    return wanted ?? usualPage
  }
  // Those of a connection were counted with it.
  const isOfConnection = getNamedType(type).name.endsWith('Edge')
  return isListType(getNullableType(type)) && !isOfConnection ? usualList : 1
}
