/** The scalars beside GraphQL's own. */
import { GraphQLError, Kind, valueFromASTUntyped } from 'graphql'

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

export const dateTimeScalar = {
  description: 'An instant as ISO 8601 with a zone, for example `2026-01-31T12:00:00.000Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value: unknown): string => {
    if (value instanceof Date) return value.toISOString()
    throw new GraphQLError('A DateTime is not a date.')
  },
  parseValue: (value: unknown): Date => {
    const date = typeof value === 'string' && isoInstant.test(value) ? new Date(value) : undefined
    if (date !== undefined && !Number.isNaN(date.getTime())) return date
    throw new GraphQLError('A DateTime is a text like "2026-01-31T12:00:00Z", with a zone.')
  },
}

export const jsonScalar = {
  description: 'Any JSON value.',
  serialize: (value: unknown): unknown => value,
  parseValue: (value: unknown): unknown => value,
  parseLiteral: valueFromASTUntyped,
}

export const countScalar = {
  description: 'A whole number from 0 to 2^53 - 1.',
  serialize: (value: unknown): number => checkedCount(typeof value === 'bigint' ? Number(value) : value),
  parseValue: checkedCount,
  parseLiteral: (node: { readonly kind: string; readonly value?: unknown }): number =>
    checkedCount(node.kind === Kind.INT ? Number(node.value) : undefined),
}

function checkedCount(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new GraphQLError('A Count is a whole number from 0 to 2^53 - 1.')
}
