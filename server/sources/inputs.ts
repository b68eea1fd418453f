/** The inputs of the data source mutations. */
import { z } from 'zod'
import { cursorModes } from '../../engine/documents.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { givenOnly } from '../workspaces/given.ts'
import { DataSourceQueryInput, queryInputSchema } from './query-types.ts'
import { CursorModeRef } from './types.ts'

const about = {
  name: 'Its name, unique in the workspace.',
  connectionId: 'The connection that it reads through.',
  query: 'What to read. It can be left out where the source has exactly one table.',
  keyColumns: 'The columns that name a row: unique and never empty.',
  cursorMode: 'How change is ordered.',
  timestampColumn: 'The column with the time of the last change, for TIMESTAMP_INCREMENTING.',
  incrementColumn: 'The column with an ascending id.',
  timeZone: 'The IANA zone of timestamps that carry none. Default: UTC.',
  settleMs:
    "How long a written row may stay invisible, in milliseconds: more than the longest transaction takes, and than the cursor's own grain (1000 where it holds whole seconds). Rows that commit later are not seen. Default: the type's own.",
  pollIntervalMs: 'How often the source is asked for new rows, in milliseconds, at least 250. Default: 2000.',
} as const

/** Meaning is checked by the service, with everything else, so that all problems come at once. */
const optional = {
  query: queryInputSchema.nullish(),
  timestampColumn: z.string().nullish(),
  timeZone: z.string().nullish(),
  settleMs: z.int().nullish(),
  pollIntervalMs: z.int().nullish(),
}
const needed = {
  name: z.string().trim(),
  connectionId: globalId('DataSourceConnection'),
  keyColumns: z.array(z.string()),
  cursorMode: z.enum(cursorModes),
  incrementColumn: z.string(),
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
      incrementColumn: t.string({ required: true, description: about.incrementColumn }),
      timeZone: t.string({ description: about.timeZone }),
      settleMs: t.int({ description: about.settleMs }),
      pollIntervalMs: t.int({ description: about.pollIntervalMs }),
    }),
  })
  .validate(z.object({ workspaceId: globalId('Workspace'), ...needed, ...optional }).transform(givenOnly))

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
      incrementColumn: t.string({ description: about.incrementColumn }),
      timeZone: t.string({ description: about.timeZone }),
      settleMs: t.int({ description: about.settleMs }),
      pollIntervalMs: t.int({ description: about.pollIntervalMs }),
    }),
  })
  .validate(
    z
      .object({ id: globalId('DataSource'), revision: z.int(), ...optional })
      .extend(z.object(needed).partial().shape)
      .transform(({ timestampColumn, ...rest }) => ({
        ...givenOnly(rest),
        // Null is a value here: it takes the column away.
        ...(timestampColumn === undefined ? {} : { timestampColumn }),
      })),
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
