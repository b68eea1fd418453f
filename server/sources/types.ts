/** The small GraphQL types around data sources: cursor modes, tables, columns, previews. */
import type { AttributeType, SourceColumn } from '@sluice/connector-sdk'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import type { JsonObject } from '../workspaces/json.ts'
import type { ColumnChange } from './column-changes.ts'
import type { TableWithColumns } from './look-into.ts'
import { type CursorMode, SourceTypeMissing, SourceUnavailable } from './rules.ts'

export const CursorModeRef = builder.enumType('CursorMode', {
  description: 'How a data source orders change.',
  values: {
    INCREMENTING: { description: 'By a strictly ascending id: finds new rows only.' },
    TIMESTAMP: {
      description:
        'By a timestamp, then the key: finds new and modified rows. Rows that share a timestamp are all read.',
    },
    TIMESTAMP_INCREMENTING: { description: 'By a timestamp, then an id: finds new and modified rows.' },
    FULL_RESYNC: {
      description:
        'Not at all: all rows are read each time its schedule is due, and sent again. For sources that cannot tell what has changed.',
    },
  } satisfies Record<CursorMode, { readonly description: string }>,
})

export const AttributeTypeRef = builder.enumType('AttributeType', {
  description: 'What kind of values a column has, whatever the source calls it.',
  values: {
    STRING: { value: 'string', description: 'A text, and everything that fits no other type.' },
    NUMBER: {
      value: 'number',
      description: 'A number; exact digits are kept where they are mapped to text.',
    },
    BOOLEAN: { value: 'boolean', description: 'True or false.' },
    DATE: { value: 'date', description: 'An instant or a calendar date.' },
    STRING_ARRAY: { value: 'stringArray', description: 'A list of texts.' },
    NUMBER_ARRAY: { value: 'numberArray', description: 'A list of numbers.' },
    BOOLEAN_ARRAY: { value: 'booleanArray', description: 'A list of true or false.' },
  } as const satisfies Record<string, { readonly value: AttributeType; readonly description: string }>,
})

export const SourceColumnRef = builder.objectRef<SourceColumn>('SourceColumn').implement({
  description: 'A column of a source, as the source describes it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, exactly.' }),
    type: t.field({
      type: AttributeTypeRef,
      description: 'The kind of its values.',
      resolve: ({ type }) => type,
    }),
    nativeType: t.exposeString('nativeType', { description: 'What the source calls its type.' }),
    isNullable: t.exposeBoolean('nullable', { description: 'Whether the source lets it be empty.' }),
  }),
})

const ColumnChangeKindRef = builder.enumType('ColumnChangeKind', {
  description: 'How a column of a source differs from the published one.',
  values: {
    ADDED: { description: 'It is new. Check the data source to take it over.' },
    MISSING: { description: 'It is gone, or has another name.' },
    RETYPED: { description: 'It has another type.' },
  } satisfies Record<ColumnChange['kind'], { readonly description: string }>,
})

export const ColumnChangeRef = builder.objectRef<ColumnChange>('ColumnChange').implement({
  description: 'A column of a source that is not as it was when the version that runs was published.',
  fields: (t) => ({
    kind: t.field({
      type: ColumnChangeKindRef,
      description: 'What has happened.',
      resolve: ({ kind }) => kind,
    }),
    column: t.exposeString('column', { description: 'Its name.' }),
    before: t.exposeString('before', {
      nullable: true,
      description: 'Its type then, as the source names it.',
    }),
    now: t.exposeString('now', { nullable: true, description: 'Its type now, as the source names it.' }),
  }),
})

const TableWithColumnsRef = builder.objectRef<TableWithColumns>('SourceTableWithColumns').implement({
  description: 'A table or view of a source, with its columns.',
  fields: (t) => ({
    schema: t.string({
      nullable: true,
      description: 'Its schema, where the source has schemas.',
      resolve: ({ schema }) => schema ?? null,
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    columns: t.field({
      type: [SourceColumnRef],
      description: 'Its columns, in their order.',
      resolve: ({ columns }) => columns,
    }),
  }),
})

export const SourceTablesRef = builder
  .objectRef<{ readonly tables: readonly TableWithColumns[] }>('SourceTables')
  .implement({
    description: 'The tables of a source, as they are now.',
    fields: (t) => ({
      tables: t.field({
        type: [TableWithColumnsRef],
        description: 'At most 200 of them.',
        resolve: ({ tables }) => tables,
      }),
    }),
  })

export const SourceRowsRef = builder
  .objectRef<{ readonly rows: readonly JsonObject[] }>('SourceRows')
  .implement({
    description: 'A few rows of a source, read for this answer and kept nowhere.',
    fields: (t) => ({
      rows: t.field({
        type: ['JSON'],
        description:
          'One object a row, values by column name. Dates are ISO 8601; numbers that JSON cannot keep exactly are texts.',
        resolve: ({ rows }) => rows,
      }),
    }),
  })

builder.objectType(SourceUnavailable, {
  name: 'SourceUnavailable',
  description: 'The source did not do what was asked. The code tells why, for example `not_found`.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    isTransient: t.exposeBoolean('isTransient', { description: 'Whether the same request may work later.' }),
  }),
})

builder.objectType(SourceTypeMissing, {
  name: 'SourceTypeMissing',
  description: "The package of the data source's type is not installed, or cannot be used.",
  interfaces: [ProblemRef],
})
