/** Unsaved conditions in GraphQL: what they mean in words, which rows meet them, how many. */
import { z } from 'zod'
import { describeConditions } from '../../engine/rules/describe.ts'
import { requireRight } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { InvalidInput } from '../problems/rules.ts'
import { DataSourceRef } from '../sources/schema.ts'
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
      resolve: async ({ conditions, source }, { limit }, { access, deps }) => {
        requireRight(access, source.connection.workspaceId, 'preview')
        return { rows: await matchingRows(deps, source, conditions, limit) }
      },
    }),
    count: t.field({
      type: MatchCountRef,
      description: 'Counts the rows that meet them, reading the whole source for at most 20 seconds.',
      errors: { types: whyNotRead, union: { name: 'UnsavedSegmentCountResult' } },
      resolve: ({ conditions, source }, _args, { access, deps }) => {
        requireRight(access, source.connection.workspaceId, 'read')
        return countMatching(deps, source, conditions)
      },
    }),
  }),
})

builder.prismaObjectFields(DataSourceRef, (t) => ({
  unsavedSegment: t.field({
    type: UnsavedSegmentRef,
    description: 'Looks at conditions on it before they are saved, with everything that is wrong with them.',
    errors: { types: [InvalidInput] },
    args: { conditions: t.arg({ type: 'JSON', required: true, description: conditionsArgument }) },
    select: { id: true },
    resolve: async ({ id }, { conditions }, { db }) => {
      const source = await db.dataSource.findUniqueOrThrow({ where: { id }, include: { connection: true } })
      return readUnsavedSegment(source, conditions)
    },
  }),
}))
