/** GraphQL types that a segment shares with conditions that are not saved. */
import { builder } from '../graphql/builder.ts'
import { InvalidInput } from '../problems/rules.ts'
import { SourceTypeMissing, SourceUnavailable } from '../sources/rules.ts'
import type { MatchCount } from './matching.ts'

export const whyNotRead = [InvalidInput, SourceUnavailable, SourceTypeMissing]

export const conditionsArgument =
  'The condition tree: { any: [ { all: [ { attribute, operator, value } ] } ], exclude: [ { all: […] } ] }. The groups of `any` are joined by OR, those of `exclude` take records out. { any: [] } is met by every row. docs/conditions.md lists the operators.'

export const MatchCountRef = builder.objectRef<MatchCount>('MatchCount').implement({
  description: 'How many rows meet a segment.',
  fields: (t) => ({
    matched: t.field({
      type: 'Count',
      description: 'Rows that were found to meet it.',
      resolve: ({ matched }) => matched,
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description: 'False when time ran out before the end of the source: then there are at least so many.',
    }),
  }),
})
