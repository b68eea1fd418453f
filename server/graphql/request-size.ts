/** How large a request may be: a configuration as a whole may be larger than anything else that is asked. */
import { GraphQLError, Kind, parse, type SelectionNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { maxRequestBytes, maxTokens } from './limits.ts'

/** Fields at the root that take a whole configuration: 5,000 actions with templates are some 6 MB. */
const takingMuch = ['applyConfiguration', 'compareConfiguration']

/** Refuses what is larger than others may be, after it was read: the gate has let nobody in that it does not know. */
export function createRequestSize(): Plugin {
  return {
    onParams({ params, request, setResult }) {
      if (bytesOf(request, params.variables) <= maxRequestBytes || takesMuch(params.query)) return
      setResult({
        errors: [
          new GraphQLError(
            `A request has at most ${maxRequestBytes} bytes, unless it applies or compares a configuration and does nothing else.`,
            { extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } } },
          ),
        ],
      })
    },
  }
}

/** Without a length it came in pieces: then its variables are what can be large. */
function bytesOf({ headers }: Request, variables: unknown): number {
  const length = Number(headers.get('content-length') ?? Number.NaN)
  return Number.isNaN(length) ? JSON.stringify(variables ?? null).length : length
}

function takesMuch(query: string | undefined): boolean {
  if (query === undefined || query.length > maxRequestBytes) return false
  return rootSelections(query).every(
    (selection) => selection.kind === Kind.FIELD && takingMuch.includes(selection.name.value),
  )
}

/** Of what is no document GraphQL itself says so. */
function rootSelections(query: string): readonly SelectionNode[] {
  try {
    return parse(query, { maxTokens, noLocation: true }).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [],
    )
  } catch (error) {
    if (error instanceof GraphQLError) return []
    throw error
  }
}
