/** The inputs of the segment mutations. */
import { z } from 'zod'
import type { RescanSchedule } from '../../engine/rules/rescan.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { labelIdsDescription, labelIdsSchema } from '../labels/inputs.ts'
import { givenOnly } from '../workspaces/given.ts'
import { mostNamed } from '../workspaces/rules.ts'
import { conditionsArgument } from './types.ts'

const about = {
  name: 'Its name, unique in the workspace.',
  dataSourceIds: 'The data sources that the conditions are for, at least one.',
  conditions: conditionsArgument,
  rescan:
    'When rows that did not change are asked again, where the conditions depend on what is now: what meets them only since then is sent. Default: daily at midnight.',
  notes:
    'What people should know about it, at most 10,000 characters. Notes act at once: they are not versioned.',
} as const

const aboutLabelling = {
  segmentIds: `The segments, all of one workspace, from 1 to ${mostNamed}.`,
  labelIds: labelIdsDescription,
} as const

export const RescanKindRef = builder.enumType('RescanKind', {
  description: 'How often rows that did not change are asked again.',
  values: {
    HOURLY: { description: 'At the start of every hour.' },
    DAILY: { description: 'Once a day, at an hour of UTC.' },
  } satisfies Record<RescanSchedule['kind'], { readonly description: string }>,
})

const RescanInput = builder.inputType('RescanInput', {
  description: 'When rows that did not change are to be asked again.',
  fields: (t) => ({
    kind: t.field({ type: RescanKindRef, required: true, description: 'How often.' }),
    hour: t.int({ description: 'DAILY: the hour in UTC, from 0 to 23. Default: 0.' }),
  }),
})

const wantedRescan = z
  .object({ kind: z.enum(['HOURLY', 'DAILY']), hour: z.int().min(0).max(23).nullish() })
  .transform(({ hour, kind }, context) => {
    if (kind === 'DAILY') return { kind, hour: hour ?? 0 }
    if (typeof hour === 'number') {
      context.addIssue({
        code: 'custom',
        path: ['hour'],
        params: { code: 'not_applicable' },
        message: 'Only a daily re-scan has an hour: leave it out.',
      })
    }
    return { kind }
  })

export const CreateSegmentInput = builder
  .inputType('CreateSegmentInput', {
    description: 'A new segment.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace it is for.' }),
      name: t.string({ required: true, description: about.name }),
      dataSourceIds: t.idList({ required: true, description: about.dataSourceIds }),
      conditions: t.field({ type: 'JSON', required: true, description: about.conditions }),
      rescan: t.field({ type: RescanInput, description: about.rescan }),
      notes: t.string({ description: about.notes }),
    }),
  })
  .validate(
    z
      .object({
        workspaceId: globalId('Workspace'),
        name: z.string().trim(),
        dataSourceIds: z.array(globalId('DataSource')),
        conditions: z.unknown().optional(),
        rescan: wantedRescan.nullish(),
        notes: z.string().nullish(),
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
      rescan: t.field({ type: RescanInput, description: about.rescan }),
      notes: t.string({ description: about.notes }),
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
        rescan: wantedRescan.nullish(),
        notes: z.string().nullish(),
      })
      .transform(givenOnly),
  )

export const DuplicateSegmentInput = builder
  .inputType('DuplicateSegmentInput', {
    description: 'A segment to copy.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The segment.' }),
      name: t.string({
        description: 'The name of the copy, unique in the workspace. Default: its name with " - copy".',
      }),
    }),
  })
  .validate(z.object({ id: globalId('Segment'), name: z.string().trim().nullish() }).transform(givenOnly))

export const DeleteSegmentInput = builder
  .inputType('DeleteSegmentInput', {
    description: 'A segment to delete.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The segment.' }),
      revision: t.int({ required: true, description: 'Its revision when it was read.' }),
    }),
  })
  .validate(z.object({ id: globalId('Segment'), revision: z.int() }))

export const ActivateSegmentInput = builder
  .inputType('ActivateSegmentInput', {
    description: 'A segment to activate.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The segment.' }) }),
  })
  .validate(z.object({ id: globalId('Segment') }))

export const DeactivateSegmentInput = builder
  .inputType('DeactivateSegmentInput', {
    description: 'A segment to deactivate.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The segment.' }) }),
  })
  .validate(z.object({ id: globalId('Segment') }))

const labelling = z.object({
  segmentIds: z.array(globalId('Segment')).min(1).max(mostNamed),
  labelIds: labelIdsSchema,
})

export const LabelSegmentsInput = builder
  .inputType('LabelSegmentsInput', {
    description: 'Labels to put on segments.',
    fields: (t) => ({
      segmentIds: t.idList({ required: true, description: aboutLabelling.segmentIds }),
      labelIds: t.idList({ required: true, description: aboutLabelling.labelIds }),
    }),
  })
  .validate(labelling)

export const UnlabelSegmentsInput = builder
  .inputType('UnlabelSegmentsInput', {
    description: 'Labels to take off segments.',
    fields: (t) => ({
      segmentIds: t.idList({ required: true, description: aboutLabelling.segmentIds }),
      labelIds: t.idList({ required: true, description: aboutLabelling.labelIds }),
    }),
  })
  .validate(labelling)
