/** The inputs of the data source mutations. */
import { z } from 'zod'
import { cursorModes } from '../../engine/documents.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { givenOnly } from '../workspaces/given.ts'
import { DataSourceQueryInput, queryInputSchema } from './query-types.ts'
import { ScheduleInput, wantedSchedule } from './schedule-types.ts'
import { CursorModeRef } from './types.ts'

const about = {
  name: 'Its name, unique in the workspace.',
  connectionId: 'The connection that it reads through.',
  query: 'What to read. It can be left out where the source has exactly one table.',
  keyColumns: 'The columns that name a row: unique and never empty.',
  cursorMode: 'How change is ordered.',
  timestampColumn:
    'The column with the time of the last change, for TIMESTAMP, TIMESTAMP_INCREMENTING and, if there is one, FULL_RESYNC.',
  incrementColumn:
    'The column with an ascending id, for INCREMENTING, TIMESTAMP_INCREMENTING and, if there is one, FULL_RESYNC.',
  timeZone: 'The IANA zone of timestamps that carry none. Default: UTC.',
  settleMs:
    "How long a written row may stay invisible, in milliseconds: more than the longest transaction takes, and than the cursor's own grain (1000 where it holds whole seconds). Rows that commit later are not seen. Default: the type's own.",
  pollIntervalMs:
    'How often the source is asked for new rows, in milliseconds, at least 250, where its schedule is CONTINUOUS. Default: 2000.',
  schedule: 'When it is read. Default: CONTINUOUS. A full resync needs one that is due at most once an hour.',
  batchRows:
    'Most rows that one query reads, at least 1000; a run asks as many queries as there are rows. Null: no limit, which the source must be able to sort at once. Default: 100000.',
  resyncLimit:
    'Most rows of a FULL_RESYNC: at most 1000000, or 50000 where it is due more than once a day. A source with more is not read, and says so. Default: the most.',
  isEnabled: 'Whether it is read, from the next publish on. Default: true.',
} as const

/** Meaning is checked by the service, with everything else, so that all problems come at once. */
const optional = {
  query: queryInputSchema.nullish(),
  timestampColumn: z.string().nullish(),
  incrementColumn: z.string().nullish(),
  timeZone: z.string().nullish(),
  settleMs: z.int().nullish(),
  pollIntervalMs: z.int().nullish(),
  schedule: wantedSchedule.nullish(),
  batchRows: z.int().nullish(),
  resyncLimit: z.int().nullish(),
  isEnabled: z.boolean().nullish(),
}
const needed = {
  name: z.string().trim(),
  connectionId: globalId('DataSourceConnection'),
  keyColumns: z.array(z.string()),
  cursorMode: z.enum(cursorModes),
}

interface NullableFields {
  readonly timestampColumn?: string | null | undefined
  readonly incrementColumn?: string | null | undefined
  readonly batchRows?: number | null | undefined
  readonly resyncLimit?: number | null | undefined
}

/** Null is a value in these fields: it takes a column or a limit away. */
function givenOrNull<Input extends NullableFields>(input: Input) {
  const { batchRows, incrementColumn, resyncLimit, timestampColumn, ...rest } = input
  return {
    ...givenOnly(rest),
    ...(timestampColumn === undefined ? {} : { timestampColumn }),
    ...(incrementColumn === undefined ? {} : { incrementColumn }),
    ...(batchRows === undefined ? {} : { batchRows }),
    ...(resyncLimit === undefined ? {} : { resyncLimit }),
  }
}

export const CreateDataSourceInput = builder
  .inputType('CreateDataSourceInput', {
    description: 'A new data source. It is created only if the live source bears it out.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace it is for.' }),
      name: t.string({ required: true, description: about.name }),
      connectionId: t.id({ required: true, description: about.connectionId }),
      query: t.field({ type: DataSourceQueryInput, description: about.query }),
      keyColumns: t.stringList({ required: true, description: about.keyColumns }),
      cursorMode: t.field({ type: CursorModeRef, required: true, description: about.cursorMode }),
      timestampColumn: t.string({ description: about.timestampColumn }),
      incrementColumn: t.string({ description: about.incrementColumn }),
      timeZone: t.string({ description: about.timeZone }),
      settleMs: t.int({ description: about.settleMs }),
      pollIntervalMs: t.int({ description: about.pollIntervalMs }),
      schedule: t.field({ type: ScheduleInput, description: about.schedule }),
      batchRows: t.int({ description: about.batchRows }),
      resyncLimit: t.int({ description: about.resyncLimit }),
      isEnabled: t.boolean({ description: about.isEnabled }),
    }),
  })
  .validate(z.object({ workspaceId: globalId('Workspace'), ...needed, ...optional }).transform(givenOrNull))

export const UpdateDataSourceInput = builder
  .inputType('UpdateDataSourceInput', {
    description: 'Changes of a data source. What is left out stays.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The data source.' }),
      revision: t.int({ required: true, description: 'Its revision when it was read.' }),
      name: t.string({ description: about.name }),
      connectionId: t.id({ description: about.connectionId }),
      query: t.field({ type: DataSourceQueryInput, description: about.query }),
      keyColumns: t.stringList({ description: about.keyColumns }),
      cursorMode: t.field({ type: CursorModeRef, description: about.cursorMode }),
      timestampColumn: t.string({ description: `${about.timestampColumn} Null takes it away.` }),
      incrementColumn: t.string({ description: `${about.incrementColumn} Null takes it away.` }),
      timeZone: t.string({ description: about.timeZone }),
      settleMs: t.int({ description: about.settleMs }),
      pollIntervalMs: t.int({ description: about.pollIntervalMs }),
      schedule: t.field({ type: ScheduleInput, description: about.schedule }),
      batchRows: t.int({ description: about.batchRows }),
      resyncLimit: t.int({ description: about.resyncLimit }),
      isEnabled: t.boolean({ description: about.isEnabled }),
    }),
  })
  .validate(
    z
      .object({ id: globalId('DataSource'), revision: z.int(), ...optional })
      .extend(z.object(needed).partial().shape)
      .transform(givenOrNull),
  )

export const CheckDataSourceInput = builder
  .inputType('CheckDataSourceInput', {
    description: 'Names a data source to look at again.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The data source.' }) }),
  })
  .validate(z.object({ id: globalId('DataSource') }))

export const DeleteDataSourceInput = builder
  .inputType('DeleteDataSourceInput', {
    description: 'Names the data source to delete in the working copy.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The data source.' }),
      revision: t.int({ required: true, description: 'Its revision when it was read.' }),
    }),
  })
  .validate(z.object({ id: globalId('DataSource'), revision: z.int() }))

export const DuplicateDataSourceInput = builder
  .inputType('DuplicateDataSourceInput', {
    description: 'Names a data source to copy, and the copy.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The data source.' }),
      name: t.string({ required: true, description: 'The name of the copy, unique in the workspace.' }),
    }),
  })
  .validate(z.object({ id: globalId('DataSource'), name: z.string().trim() }))

export const TestQueryInput = builder
  .inputType('TestQueryInput', {
    description: 'A query that is not saved, and how much to show of it.',
    fields: (t) => ({
      connectionId: t.id({ required: true, description: about.connectionId }),
      query: t.field({ type: DataSourceQueryInput, required: true, description: 'What to read.' }),
      timeZone: t.string({ description: about.timeZone }),
      limit: t.int({ required: true, defaultValue: 10, description: 'How many rows, from 1 to 100.' }),
    }),
  })
  .validate(
    z
      .object({
        connectionId: globalId('DataSourceConnection'),
        query: queryInputSchema,
        timeZone: z.string().nullish(),
        limit: z.int().min(1).max(100),
      })
      .transform(givenOnly),
  )
