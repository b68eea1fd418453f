/** Data sources in GraphQL: the type with what can be looked into, and its mutations. */
import { z } from 'zod'
import { querySchema, sourceColumnsSchema } from '../../engine/documents.ts'
import { scheduleSchema } from '../../engine/reading/schedule.ts'
import { requireRight, within } from '../access/rules.ts'
import { TooManyAttributes } from '../attributes/rules.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { InUse, InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import { present } from '../workspaces/present.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { columnChangesSchema } from './column-changes.ts'
import { columnsByName } from './columns-by-name.ts'
import {
  CheckDataSourceInput,
  CreateDataSourceInput,
  DeleteDataSourceInput,
  DuplicateDataSourceInput,
  TestQueryInput,
  UpdateDataSourceInput,
} from './inputs.ts'
import { previewDataSource } from './look-into.ts'
import { QueryRef, TestedQueryRef } from './query-types.ts'
import { SourceTypeMissing, SourceUnavailable } from './rules.ts'
import { ScheduleRef } from './schedule-types.ts'
import {
  checkDataSource,
  createDataSource,
  deleteDataSource,
  duplicateDataSource,
  updateDataSource,
} from './service.ts'
import { testQuery } from './test-query.ts'
import { ColumnChangeRef, CursorModeRef, DataSourceColumnRef, SourceRowsRef } from './types.ts'

const whyNotRead = [InvalidInput, SourceUnavailable, SourceTypeMissing]

export const DataSourceRef = builder.prismaNode('DataSource', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace it belongs to.' }),
    name: t.exposeString('name', { description: 'Its name, unique in the workspace.' }),
    connection: t.relation('connection', { description: 'The connection that it reads through.' }),
    query: t.field({
      type: QueryRef,
      description: 'What is read through the connection.',
      resolve: ({ query }) => querySchema.parse(query),
    }),
    keyColumns: t.stringList({
      description: 'The columns that name a row: unique and not null.',
      resolve: (row) => columnsByName(row).keyColumns,
    }),
    cursorMode: t.expose('cursorMode', { type: CursorModeRef, description: 'How change is ordered.' }),
    timestampColumn: t.string({
      nullable: true,
      description: 'Column with the time of the last change.',
      resolve: (row) => columnsByName(row).timestampColumn,
    }),
    incrementColumn: t.string({
      nullable: true,
      description: 'Column with a strictly ascending id.',
      resolve: (row) => columnsByName(row).incrementColumn,
    }),
    timeZone: t.exposeString('timeZone'),
    settleMs: t.exposeInt('settleMs'),
    pollIntervalMs: t.exposeInt('pollIntervalMs'),
    schedule: t.field({
      type: ScheduleRef,
      description: 'When it is read.',
      resolve: ({ schedule }) => scheduleSchema.parse(schedule),
    }),
    batchRows: t.exposeInt('batchRows', { nullable: true }),
    resyncLimit: t.exposeInt('resyncLimit', { nullable: true }),
    isEnabled: t.exposeBoolean('isEnabled'),
    columns: t.field({
      type: [DataSourceColumnRef],
      description:
        'The columns as they were when the source was last checked, but for those that are ignored.',
      resolve: ({ columns }) => sourceColumnsSchema.parse(columns),
    }),
    ignoredColumns: t.exposeStringList('ignoredColumns', {
      description: 'The columns that feed no attribute.',
    }),
    revision: t.exposeInt('revision'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
    polledAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last asked for new rows; null before the first time.',
      select: { progress: { select: { polledAt: true } } },
      resolve: ({ progress }) => progress?.polledAt ?? null,
    }),
    errorCode: t.string({
      nullable: true,
      description: 'Why it could not be read the last time, see docs/errors.md; null when it could.',
      select: { progress: { select: { errorCode: true } } },
      resolve: ({ progress }) => progress?.errorCode ?? null,
    }),
    deletedAt: t.expose('deletedAt', { type: 'DateTime', nullable: true }),
    columnChanges: t.field({
      type: [ColumnChangeRef],
      description:
        'How its columns differ from those of the version that runs, as of the last poll. A poll fails, and nothing new is delivered, with `column_missing` or `column_changed` where an action reads such a column: put it back, or check the data source, adapt what reads it, and publish.',
      select: { progress: { select: { columnChanges: true } } },
      resolve: ({ progress }) => columnChangesSchema.parse(progress?.columnChanges ?? []),
    }),
    nullPositions: t.field({
      type: 'Count',
      description:
        'How many rows have no value in a key or cursor column. They have no place in the order of change, so they are never read, and no count of an action includes them. To have one delivered, fill its columns, the cursor with a newer value than any other row has.',
      select: { progress: { select: { nullPositions: true } } },
      resolve: ({ progress }) => progress?.nullPositions ?? 0n,
    }),
    nullPositionsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When those rows were last counted: after the source has changed, at most once a minute. Null before the first time.',
      select: { progress: { select: { nullPositionsAt: true } } },
      resolve: ({ progress }) => progress?.nullPositionsAt ?? null,
    }),
    preview: t.field({
      type: SourceRowsRef,
      description: 'Reads a few rows as they are now.',
      args: {
        limit: t.arg
          .int({ required: true, defaultValue: 10, description: 'How many, from 1 to 100.' })
          .validate(z.int().min(1).max(100)),
      },
      select: { connection: true },
      errors: {
        types: whyNotRead,
        union: { name: 'DataSourcePreviewResult', description: 'The rows, or why they cannot be read.' },
      },
      resolve: async (row, { limit }, { access, deps }) => {
        requireRight(access, row.workspaceId, 'preview')
        return { rows: await previewDataSource(deps, row, limit) }
      },
    }),
  }),
})

builder.prismaObjectField(WorkspaceRef, 'dataSources', (t) =>
  t.relation('dataSources', {
    description: 'Its data sources, by name.',
    query: { where: present, orderBy: { name: 'asc' } },
  }),
)

builder.queryFields((t) => ({
  dataSource: t.prismaField({
    type: DataSourceRef,
    nullable: true,
    description: 'A data source by its id; null when there is none, or the token does not cover it.',
    args: {
      id: t.arg.id({ required: true, description: 'The data source.' }).validate(globalId('DataSource')),
    },
    resolve: (query, _root, { id }, { db, access }) =>
      db.dataSource.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
}))

builder.mutationFields((t) => ({
  createDataSource: t.prismaField({
    type: DataSourceRef,
    description: 'Creates a data source after looking at the live source: table, columns, key and cursor.',
    errors: { types: [InvalidInput, NotFound, NameTaken, TooManyAttributes] },
    args: { input: t.arg({ type: CreateDataSourceInput, required: true, description: 'The data source.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await createDataSource(context, input)
      return context.db.dataSource.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  updateDataSource: t.prismaField({
    type: DataSourceRef,
    description: 'Changes a data source in the working copy. What runs changes with the next publish.',
    errors: { types: [InvalidInput, NotFound, NameTaken, RevisionConflict, TooManyAttributes] },
    args: { input: t.arg({ type: UpdateDataSourceInput, required: true, description: 'The changes.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await updateDataSource(context, input)
      return context.db.dataSource.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deleteDataSource: t.prismaField({
    type: DataSourceRef,
    description:
      'Deletes a data source in the working copy, once no action reads it and no segment is for it. Loading a version that has it brings it back.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict, InUse] },
    args: { input: t.arg({ type: DeleteDataSourceInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deleteDataSource(context, input)
      return context.db.dataSource.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  duplicateDataSource: t.prismaField({
    type: DataSourceRef,
    description:
      'Copies a data source: the same connection, query, key and cursor under a new name. Positions are not copied: actions read the copy from where they start.',
    errors: { types: [InvalidInput, NotFound, NameTaken] },
    args: { input: t.arg({ type: DuplicateDataSourceInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await duplicateDataSource(context, input)
      return context.db.dataSource.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  testQuery: t.field({
    type: TestedQueryRef,
    description:
      'Tries a query before it is saved: returns its columns and a few rows as they are now, or everything that is wrong with it. Nothing is kept.',
    errors: { types: [...whyNotRead, NotFound] },
    args: { input: t.arg({ type: TestQueryInput, required: true, description: 'The query.' }) },
    resolve: (_root, { input }, context) => testQuery(context, input),
  }),
  checkDataSource: t.prismaField({
    type: DataSourceRef,
    description:
      'Looks at the live source again: everything that no longer fits is reported, else its columns are taken over.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict, TooManyAttributes] },
    args: { input: t.arg({ type: CheckDataSourceInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await checkDataSource(context, input)
      return context.db.dataSource.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
