/** Where reading starts, in GraphQL: previewed, and set for what runs already. */
import { z } from 'zod'
import { conditionsSchema } from '../../engine/rules/conditions.ts'
import { requireRight, within } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { SourceTypeMissing, SourceUnavailable } from '../sources/rules.ts'
import { DataSourceRef } from '../sources/schema.ts'
import { StillRunning } from './rules.ts'
import { ActionRef } from './schema.ts'
import { setProcessingStart } from './set-processing-start.ts'
import { previewStart } from './start-preview.ts'
import { ProcessingStartInput, SetProcessingStartInput, StartPreviewRef } from './start-types.ts'

const whyNotRead = [InvalidInput, SourceUnavailable, SourceTypeMissing]
const union = (name: string) => ({ name, description: 'What would be read, or why it cannot be told.' })
const about = {
  start: 'Where it would start.',
  limit: 'How many rows to show, from 0 to 100.',
} as const
const limits = z.int().min(0).max(100)

builder.prismaObjectFields(DataSourceRef, (t) => ({
  startPreview: t.field({
    type: StartPreviewRef,
    description: 'What would be read from a start on, by the cursor of the working copy.',
    select: { connection: true },
    args: {
      start: t.arg({ type: ProcessingStartInput, required: true, description: about.start }),
      limit: t.arg.int({ required: true, defaultValue: 10, description: about.limit }).validate(limits),
    },
    errors: { types: whyNotRead, union: union('DataSourceStartPreviewResult') },
    resolve: (source, { limit, start }, { access, deps }) => {
      requireRight(access, source.workspaceId, 'preview')
      return previewStart(deps, { source, conditions: { any: [] }, start, limit })
    },
  }),
}))

builder.prismaObjectFields(ActionRef, (t) => ({
  startPreview: t.field({
    type: StartPreviewRef,
    description:
      'What would be read for it from a start on: the rows that meet its segment, as the working copy has it.',
    select: {
      workspaceId: true,
      dataSource: { include: { connection: true } },
      segment: { select: { conditions: true } },
    },
    args: {
      start: t.arg({ type: ProcessingStartInput, required: true, description: about.start }),
      limit: t.arg.int({ required: true, defaultValue: 10, description: about.limit }).validate(limits),
    },
    errors: { types: whyNotRead, union: union('ActionStartPreviewResult') },
    resolve: ({ dataSource, segment, workspaceId }, { limit, start }, { access, deps }) => {
      requireRight(access, workspaceId, 'preview')
      const conditions = conditionsSchema.parse(segment.conditions)
      return previewStart(deps, { source: dataSource, conditions, start, limit })
    },
  }),
}))

const ProcessingStartRef = builder
  .objectRef<{ readonly actionIds: readonly string[] }>('ProcessingStart')
  .implement({
    description: 'What starts elsewhere now, once it goes on.',
    fields: (t) => ({
      actions: t.prismaField({
        type: [ActionRef],
        description: 'The actions, by name.',
        resolve: (query, { actionIds }, _args, { access, db }) =>
          db.action.findMany({
            ...query,
            where: { id: { in: [...actionIds] }, ...within(access) },
            orderBy: { name: 'asc' },
          }),
      }),
    }),
  })

builder.mutationField('setProcessingStart', (t) =>
  t.field({
    type: ProcessingStartRef,
    description:
      'Sets where an action, or all that read a data source, read on from, by the cursor that is published. They must be paused or stopped. Set back, rows are sent again; set forward, those between are never sent. Deliveries that were planned before are ended first.',
    errors: { types: [...whyNotRead, NotFound, StillRunning] },
    args: {
      input: t.arg({ type: SetProcessingStartInput, required: true, description: 'Which, and where.' }),
    },
    resolve: async (_root, { input }, context) => ({ actionIds: await setProcessingStart(context, input) }),
  }),
)
