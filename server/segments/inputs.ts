/** The inputs of the segment mutations. */
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { givenOnly } from '../workspaces/given.ts'

const about = {
  name: 'Its name, unique in the workspace.',
  dataSourceIds: 'The data sources that the conditions are for, at least one.',
  conditions:
    'The condition tree: { any: [ { all: [ { attribute, operator, value } ] } ] }. { any: [] } is met by every row.',
} as const

export const CreateSegmentInput = builder
  .inputType('CreateSegmentInput', {
    description: 'A new segment.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace it is for.' }),
      name: t.string({ required: true, description: about.name }),
      dataSourceIds: t.idList({ required: true, description: about.dataSourceIds }),
      conditions: t.field({ type: 'JSON', required: true, description: about.conditions }),
    }),
  })
  .validate(
    z
      .object({
        workspaceId: globalId('Workspace'),
        name: z.string().trim(),
        dataSourceIds: z.array(globalId('DataSource')),
        conditions: z.unknown().optional(),
      })
      .transform(givenOnly),
  )

export const UpdateSegmentInput = builder
  .inputType('UpdateSegmentInput', {
    description: 'Changes of a segment. What is left out stays.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The segment.' }),
      revision: t.int({ required: true, description: 'Its revision when it was read.' }),
      name: t.string({ description: about.name }),
      dataSourceIds: t.idList({ description: about.dataSourceIds }),
      conditions: t.field({ type: 'JSON', description: about.conditions }),
    }),
  })
  .validate(
    z
      .object({
        id: globalId('Segment'),
        revision: z.int(),
        name: z.string().trim().nullish(),
        dataSourceIds: z.array(globalId('DataSource')).nullish(),
        conditions: z.unknown().optional(),
      })
      .transform(givenOnly),
  )
