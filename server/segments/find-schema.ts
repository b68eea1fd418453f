/** Long lists of segments in GraphQL: filtered, sorted, page by page. */
import { z } from 'zod'
import type { Prisma } from '../../prisma/generated/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { LabelRef } from '../labels/schema.ts'
import { present } from '../workspaces/present.ts'
import { mostNamed } from '../workspaces/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { segmentsWhere } from './find-segments.ts'
import { SegmentRef } from './schema.ts'

const orders = {
  NAME: { description: 'By name.', orderBy: [{ name: 'asc' }, { id: 'asc' }] },
  CREATED: { description: 'The newest first.', orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
  CHANGED: { description: 'The last changed first.', orderBy: [{ updatedAt: 'desc' }, { id: 'desc' }] },
} as const satisfies Record<
  string,
  { readonly description: string; readonly orderBy: readonly Prisma.SegmentOrderByWithRelationInput[] }
>

const SegmentOrderRef = builder.enumType('SegmentOrder', {
  description: 'How a list of segments is sorted.',
  values: {
    NAME: { description: orders.NAME.description },
    CREATED: { description: orders.CREATED.description },
    CHANGED: { description: orders.CHANGED.description },
  },
})

const SegmentFilterInput = builder
  .inputType('SegmentFilterInput', {
    description: 'Which segments are wanted: those that have all of this.',
    fields: (t) => ({
      nameContains: t.string({ description: 'A part of the name, whatever its case.' }),
      labelIds: t.idList({ description: `One of these labels, at most ${mostNamed}.` }),
      isActive: t.boolean({
        description: 'Whether a chain from a data source to an action works: see `flow`.',
      }),
    }),
  })
  .validate(
    z.object({
      nameContains: z.string().max(200).nullish(),
      labelIds: z.array(globalId('Label')).max(mostNamed).nullish(),
      isActive: z.boolean().nullish(),
    }),
  )

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  findSegments: t.prismaConnection({
    type: SegmentRef,
    cursor: 'id',
    description: 'Its segments as a long list: filtered, sorted, page by page.',
    args: {
      filter: t.arg({ type: SegmentFilterInput, description: 'Which ones; default: all.' }),
      orderBy: t.arg({
        type: SegmentOrderRef,
        required: true,
        defaultValue: 'NAME',
        description: 'How they are sorted.',
      }),
    },
    resolve: async (query, { id }, { filter, orderBy }, { db }) =>
      db.segment.findMany({
        ...query,
        where: await segmentsWhere(db, id, filter ?? {}),
        orderBy: [...orders[orderBy].orderBy],
      }),
  }),
}))

builder.prismaObjectFields(LabelRef, (t) => ({
  segments: t.field({
    type: [SegmentRef],
    description: 'The segments that bear it, by name.',
    select: (_args, _context, nestedSelection) => ({
      segments: {
        where: { segment: present },
        select: { segment: nestedSelection({}) },
        orderBy: { segment: { name: 'asc' } },
      },
    }),
    resolve: ({ segments }) => segments.map(({ segment }) => segment),
  }),
}))
