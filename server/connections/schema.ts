/** Connections in GraphQL: ways into databases and to files, with what they lead to, and their mutations. */
import { requireRight, within } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { encodeGlobalId, globalId } from '../graphql/global-id.ts'
import { InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import { listTables, toConnect } from '../sources/look-into.ts'
import { SourceTypeMissing, SourceUnavailable } from '../sources/rules.ts'
import { SourceTablesRef } from '../sources/types.ts'
import { present } from '../workspaces/present.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { secretNamesSet } from '../workspaces/secrets.ts'
import {
  CreateDataSourceConnectionInput,
  DeleteDataSourceConnectionInput,
  TestDataSourceConnectionInput,
  UpdateDataSourceConnectionInput,
} from './inputs.ts'
import { type ConnectionUse, DataSourceConnectionInUse } from './rules.ts'
import {
  createDataSourceConnection,
  deleteDataSourceConnection,
  testDataSourceConnection,
  updateDataSourceConnection,
} from './service.ts'

export const DataSourceConnectionRef = builder.prismaNode('DataSourceConnection', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace it belongs to.' }),
    name: t.exposeString('name', { description: 'Its name, unique in the workspace.' }),
    type: t.exposeString('type'),
    isInstalled: t.boolean({
      description: 'Whether the package of its type is installed and can be used.',
      resolve: ({ type }, _args, { deps }) => deps.registry.source(type) !== undefined,
    }),
    settings: t.expose('settings', { type: 'JSON' }),
    secretsSet: t.stringList({
      description: 'The names of the secrets that are set. Their values never come out.',
      resolve: (row, _args, { deps }) => secretNamesSet(deps.workspaceKeys, row),
    }),
    dataSources: t.relation('dataSources', {
      description: 'The data sources of the working copy that read through it, by name.',
      query: { where: present, orderBy: { name: 'asc' } },
    }),
    tables: t.field({
      type: SourceTablesRef,
      description: 'Connects, and tells which tables there are now.',
      errors: {
        types: [SourceUnavailable, SourceTypeMissing],
        union: {
          name: 'DataSourceConnectionTablesResult',
          description: 'The tables, or why they cannot be told.',
        },
      },
      resolve: async (row, _args, { access, deps }) => {
        requireRight(access, row.workspaceId, 'preview')
        return { tables: await listTables(deps, toConnect(row)) }
      },
    }),
    deletedAt: t.expose('deletedAt', { type: 'DateTime', nullable: true }),
    revision: t.exposeInt('revision'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
  }),
})

builder.prismaObjectField(WorkspaceRef, 'dataSourceConnections', (t) =>
  t.relation('dataSourceConnections', {
    description: 'Its connections to databases and files, by name.',
    query: { where: present, orderBy: { name: 'asc' } },
  }),
)

const ConnectionUseRef = builder.objectRef<ConnectionUse>('DataSourceConnectionUse').implement({
  description: 'A data source that reads through a connection.',
  fields: (t) => ({
    dataSourceId: t.id({
      description: 'The data source.',
      resolve: ({ dataSourceId }) => encodeGlobalId('DataSource', dataSourceId),
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    isLive: t.exposeBoolean('isLive', {
      description: 'Whether it is that of the version that runs; else that of the working copy.',
    }),
  }),
})

builder.objectType(DataSourceConnectionInUse, {
  name: 'DataSourceConnectionInUse',
  description: 'A connection cannot go while data sources read through it.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    uses: t.field({ type: [ConnectionUseRef], description: 'All of them.', resolve: ({ uses }) => uses }),
  }),
})

builder.queryField('dataSourceConnection', (t) =>
  t.prismaField({
    type: DataSourceConnectionRef,
    nullable: true,
    description: 'A connection by its id; null when there is none, or the token does not cover it.',
    args: {
      id: t.arg
        .id({ required: true, description: 'The connection.' })
        .validate(globalId('DataSourceConnection')),
    },
    resolve: (query, _root, { id }, { db, access }) =>
      db.dataSourceConnection.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
)

builder.mutationFields((t) => ({
  createDataSourceConnection: t.prismaField({
    type: DataSourceConnectionRef,
    description:
      'Creates a connection. Its settings are checked by their form; `testDataSourceConnection` tells whether it connects.',
    errors: { types: [InvalidInput, NotFound, NameTaken] },
    args: {
      input: t.arg({
        type: CreateDataSourceConnectionInput,
        required: true,
        description: 'The connection.',
      }),
    },
    resolve: async (query, _root, { input }, context) => {
      const id = await createDataSourceConnection(context, input)
      return context.db.dataSourceConnection.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  updateDataSourceConnection: t.prismaField({
    type: DataSourceConnectionRef,
    description:
      'Changes a connection in the working copy, for all data sources that read through it. Settings run with the next publish, which looks at each of them; secrets are used at once.',
    errors: { types: [InvalidInput, NotFound, NameTaken, RevisionConflict] },
    args: {
      input: t.arg({ type: UpdateDataSourceConnectionInput, required: true, description: 'The changes.' }),
    },
    resolve: async (query, _root, { input }, context) => {
      const id = await updateDataSourceConnection(context, input)
      return context.db.dataSourceConnection.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  testDataSourceConnection: t.field({
    type: SourceTablesRef,
    description:
      'Connects with the saved settings and secrets, and returns the tables that it finds, or why it finds none.',
    errors: { types: [InvalidInput, NotFound, SourceUnavailable, SourceTypeMissing] },
    args: {
      input: t.arg({ type: TestDataSourceConnectionInput, required: true, description: 'Which one.' }),
    },
    resolve: async (_root, { input }, context) => ({
      tables: await testDataSourceConnection(context, input),
    }),
  }),
  deleteDataSourceConnection: t.prismaField({
    type: WorkspaceRef,
    description:
      'Deletes a connection in the working copy, where no data source reads through it, neither there nor in the version that runs; returns its workspace. Loading a version that has it brings it back, with its secrets.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict, DataSourceConnectionInUse] },
    args: {
      input: t.arg({ type: DeleteDataSourceConnectionInput, required: true, description: 'Which one.' }),
    },
    resolve: async (query, _root, { input }, context) => {
      const id = await deleteDataSourceConnection(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
