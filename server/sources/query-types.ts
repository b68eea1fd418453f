/** Queries of data sources in GraphQL: what goes in, what comes out, and the few rows of a test. */
import { z } from 'zod'
import type { Query, TableQuery } from '../../engine/documents.ts'
import { builder } from '../graphql/builder.ts'
import { givenOnly } from '../workspaces/given.ts'
import { statementOf } from './rules.ts'
import type { TestedQuery } from './test-query.ts'
import { SourceColumnRef } from './types.ts'

const TableQueryRef = builder.objectRef<TableQuery>('TableQuery').implement({
  description: 'Rows of one table or view.',
  fields: (t) => ({
    schema: t.string({
      nullable: true,
      description: 'Its schema, where the source has schemas.',
      resolve: ({ schema }) => schema ?? null,
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    columns: t.stringList({
      nullable: true,
      description: 'The columns that are read; null: all that there are.',
      resolve: ({ columns }) => columns ?? null,
    }),
    where: t.string({
      nullable: true,
      description: "A condition on its rows, in the source's SQL; null: every row.",
      resolve: ({ where }) => where ?? null,
    }),
  }),
})

const SqlQueryRef = builder.objectRef<Extract<Query, { readonly kind: 'sql' }>>('SqlQuery').implement({
  description: 'Rows of a SELECT.',
  fields: (t) => ({ sql: t.exposeString('sql', { description: 'The statement, as it was written.' }) }),
})

export const QueryRef = builder.unionType('DataSourceQuery', {
  description: 'What a data source reads through its connection.',
  types: [TableQueryRef, SqlQueryRef],
  resolveType: ({ kind }) => (kind === 'sql' ? SqlQueryRef : TableQueryRef),
})

const TableQueryInput = builder.inputType('TableQueryInput', {
  description: 'Rows of one table or view.',
  fields: (t) => ({
    schema: t.string({ description: 'Its schema; needed only where several schemas have the name.' }),
    name: t.string({ required: true, description: 'Its name.' }),
    columns: t.stringList({
      description: 'The columns to read, those of key and cursor among them. Default: all that there are.',
    }),
    where: t.string({
      description:
        "A condition on its rows, in the source's SQL and without sub-selects, for example `country = 'NL'`. It is kept as configuration.",
    }),
  }),
})

export const DataSourceQueryInput = builder.inputType('DataSourceQueryInput', {
  description: 'What to read: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    table: t.field({ type: TableQueryInput, description: 'Rows of one table or view.' }),
    sql: t.string({
      description:
        'One SELECT in the SQL of the source, with joins and calculated columns as wanted. It has to give the columns of key and cursor, and is run in a session that only reads. It is kept as configuration.',
    }),
  }),
})

const tableSchema = z
  .object({
    schema: z.string().nullish(),
    name: z.string(),
    columns: z.array(z.string()).nullish(),
    where: z.string().trim().nullish(),
  })
  .transform(givenOnly)

/** Lengths are checked with the rest, so that all problems come at once. */
export const queryInputSchema = z
  .object({ table: tableSchema.nullish(), sql: z.string().nullish() })
  .transform(({ table, sql }, context): Query => {
    if (table !== undefined && table !== null) return { kind: 'table', ...table }
    if (typeof sql === 'string') return { kind: 'sql', sql: statementOf(sql) }
    context.addIssue({ code: 'custom', params: { code: 'required' }, message: 'Give `table` or `sql`.' })
    return z.NEVER
  })

export const TestedQueryRef = builder.objectRef<TestedQuery>('TestedQuery').implement({
  description: 'What a query gives now. It is read for this answer and kept nowhere.',
  fields: (t) => ({
    columns: t.field({
      type: [SourceColumnRef],
      description: 'Its columns.',
      resolve: ({ columns }) => columns,
    }),
    rows: t.field({
      type: ['JSON'],
      description:
        'Some rows, in no order: one object a row, values by column name. Dates are ISO 8601; numbers that JSON cannot keep exactly are texts.',
      resolve: ({ rows }) => rows,
    }),
  }),
})
