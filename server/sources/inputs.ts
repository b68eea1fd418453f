/** The inputs of the data source mutations. */
import { z } from 'zod'
import { cursorModes } from '../../engine/documents.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { givenOnly } from '../workspaces/given.ts'
import { CursorModeRef } from './types.ts'

const SourceTableInput = builder.inputType('SourceTableInput', {
  description: 'Names a table or view of a source.',
  fields: (t) => ({
    schema: t.string({ description: 'Its schema; needed only where several schemas have the name.' }),
    name: t.string({ required: true, description: 'Its name.' }),
  }),
})

const about = {
  name: 'Its name, unique in the workspace.',
  type: 'The installed source type, for example `duckdb`.',
  settings: "The type's settings as one object, secrets included. The marketplace has the form.",
  table: 'The table or view to read. It can be left out where the source has exactly one.',
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
const tableSchema = z.object({ schema: z.string().nullish(), name: z.string() }).transform(givenOnly)
const optional = {
  table: tableSchema.nullish(),
  timestampColumn: z.string().nullish(),
  timeZone: z.string().nullish(),
  settleMs: z.int().nullish(),
  pollIntervalMs: z.int().nullish(),
}
const needed = {
  name: z.string().trim(),
  type: z.string(),
  settings: z.unknown(),
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
      type: t.string({ required: true, description: about.type }),
      settings: t.field({ type: 'JSON', required: true, description: about.settings }),
      table: t.field({ type: SourceTableInput, description: about.table }),
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
    description:
      'Changes of a data source. What is left out stays; a secret that is left out keeps its value.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The data source.' }),
      revision: t.int({ required: true, description: 'Its revision when it was read.' }),
      name: t.string({ description: about.name }),
      type: t.string({ description: about.type }),
      settings: t.field({ type: 'JSON', description: about.settings }),
      table: t.field({ type: SourceTableInput, description: about.table }),
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
