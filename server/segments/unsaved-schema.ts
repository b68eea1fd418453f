/** Unsaved conditions in GraphQL: what they mean in words, which rows meet them, how many. */
import { z } from 'zod'
import { describeConditions } from '../../engine/rules/describe.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { SourceRowsRef } from '../sources/types.ts'
import { countMatching, matchingRows } from './matching.ts'
import { conditionsArgument, MatchCountRef, whyNotRead } from './types.ts'
import { readUnsavedSegment, type UnsavedSegment } from './unsaved-segment.ts'

const UnsavedSegmentRef = builder.objectRef<UnsavedSegment>('UnsavedSegment').implement({
  description: 'Conditions on a data source that are not saved. Nothing of them is kept.',
  fields: (t) => ({
    description: t.string({
      description: 'The conditions in words.',
      resolve: ({ conditions }) => describeConditions(conditions),
    }),
    preview: t.field({
      type: SourceRowsRef,
      description: 'Reads the first rows that meet them, in the order of change.',
      args: {
        limit: t.arg
          .int({ required: true, defaultValue: 10, description: 'How many, from 1 to 100.' })
          .validate(z.int().min(1).max(100)),
      },
      errors: { types: whyNotRead, union: { name: 'UnsavedSegmentPreviewResult' } },
      resolve: async ({ conditions, source }, { limit }, { deps }) => ({
        rows: await matchingRows(deps, source, conditions, limit),
      }),
    }),
    count: t.field({
      type: MatchCountRef,
      description: 'Counts the rows that meet them, reading the whole source for at most 20 seconds.',
      errors: { types: whyNotRead, union: { name: 'UnsavedSegmentCountResult' } },
      resolve: ({ conditions, source }, _args, { deps }) => countMatching(deps, source, conditions),
    }),
  }),
})

builder.queryField('unsavedSegment', (t) =>
  t.field({
    type: UnsavedSegmentRef,
    description: 'Looks at conditions before they are saved, with everything that is wrong with them.',
    errors: { types: [InvalidInput, NotFound] },
    args: {
      dataSourceId: t.arg
        .id({ required: true, description: 'The data source that they are for.' })
        .validate(globalId('DataSource')),
      conditions: t.arg({ type: 'JSON', required: true, description: conditionsArgument }),
    },
    resolve: (_root, { conditions, dataSourceId }, context) =>
      readUnsavedSegment(context, { dataSourceId, conditions }),
  }),
)
