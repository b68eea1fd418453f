/** Where reading starts, in GraphQL: as it is asked for, and what it would mean. */
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { encodeGlobalId, globalId } from '../graphql/global-id.ts'
import {
  type LaneStart,
  type StartTarget,
  startPoints,
  type WantedStart,
} from '../sources/processing-start.ts'
import { StillRunning } from './rules.ts'
import type { StartPreview } from './start-preview.ts'

export const StartPointRef = builder.enumType('StartPoint', {
  description: 'Where reading starts.',
  values: {
    BEGINNING: { description: 'At the first row.' },
    NOW: { description: 'After the rows that there are now.' },
    AFTER: { description: 'After all rows with a value of the cursor.' },
  } satisfies Record<WantedStart['from'], { readonly description: string }>,
})

const about = {
  from: 'Where to start.',
  value:
    "AFTER: a value of the cursor's first column, as the source writes it, for example `2026-01-31 06:00:00` or `242`. A time must be past, and is of the data source's zone where the column has none.",
  dataSourceId: 'All that read this data source.',
  actionId: 'This action only.',
} as const

const maxValue = 1_000
const start = {
  from: z.enum(startPoints),
  value: z
    .string()
    .max(maxValue, `A value has at most ${maxValue} characters.`)
    .nullish()
    .transform((value) => value ?? null),
}

export const ProcessingStartInput = builder
  .inputType('ProcessingStartInput', {
    description: 'Says where reading is to start.',
    fields: (t) => ({
      from: t.field({ type: StartPointRef, required: true, description: about.from }),
      value: t.string({ description: about.value }),
    }),
  })
  .validate(z.object(start))

const laneStart = z
  .object({
    ...start,
    dataSourceId: globalId('DataSource').nullish(),
    actionId: globalId('Action').nullish(),
  })
  .transform(({ actionId, dataSourceId, ...rest }, context): LaneStart => {
    const targets: StartTarget[] = []
    if (typeof dataSourceId === 'string') targets.push({ entity: 'DataSource', id: dataSourceId })
    if (typeof actionId === 'string') targets.push({ entity: 'Action', id: actionId })
    const [target] = targets
    if (target !== undefined && targets.length === 1) return { ...rest, target }
    const message = 'Name either a data source or an action.'
    context.addIssue({ code: 'custom', message, params: { code: 'invalid_value' } })
    return z.NEVER
  })

const maxStarts = 1_000

export const laneStartsSchema = z
  .array(laneStart)
  .max(maxStarts, `Say where at most ${maxStarts} actions start, or name their data sources.`)
  .nullish()
  .transform((starts) => starts ?? [])

export const LaneStartInput = builder.inputType('LaneStartInput', {
  description: 'Says where one action, or all that read a data source, are to start.',
  fields: (t) => ({
    dataSourceId: t.id({ description: about.dataSourceId }),
    actionId: t.id({ description: about.actionId }),
    from: t.field({ type: StartPointRef, required: true, description: about.from }),
    value: t.string({ description: about.value }),
  }),
})

export const SetProcessingStartInput = builder
  .inputType('SetProcessingStartInput', {
    description: 'Names either a data source or an action, and where reading is to go on from.',
    fields: (t) => ({
      dataSourceId: t.id({ description: about.dataSourceId }),
      actionId: t.id({ description: about.actionId }),
      from: t.field({ type: StartPointRef, required: true, description: about.from }),
      value: t.string({ description: about.value }),
    }),
  })
  .validate(laneStart)

export const StartPreviewRef = builder.objectRef<StartPreview>('StartPreview').implement({
  description: 'What would be read from a start on. The rows live in this answer only.',
  fields: (t) => ({
    rows: t.field({
      type: ['JSON'],
      description: 'The first rows, in the order in which they would be read.',
      resolve: ({ rows }) => [...rows],
    }),
    count: t.field({
      type: 'Count',
      description: 'How many rows there are from there on; of an action, those that meet its segment.',
      resolve: ({ count }) => count,
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description: 'False when time ran out before the end of the source: then there are at least so many.',
    }),
  }),
})

builder.objectType(StillRunning, {
  name: 'StillRunning',
  description: 'Where an action reads on from is set only while it is paused or stopped.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    actionIds: t.idList({
      description: 'The actions that are not.',
      resolve: ({ actionIds }) => actionIds.map((id) => encodeGlobalId('Action', id)),
    }),
  }),
})
