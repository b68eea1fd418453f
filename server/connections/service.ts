/** Connections: ways into databases and to files that data sources share, with secrets that never come out. */
import type { DataSourceConnection, Prisma } from '../../prisma/generated/client/client.ts'
import { type Right, requireRight, within } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue, NotFound, RevisionConflict, rejectIssues } from '../problems/rules.ts'
import { listTables, type TableWithColumns, toConnect } from '../sources/look-into.ts'
import { loadVersion } from '../versions/load-version.ts'
import { isRecord, type JsonObject } from '../workspaces/json.ts'
import { lockWorkspace } from '../workspaces/lock-workspace.ts'
import { nameIssues } from '../workspaces/name-issues.ts'
import { present } from '../workspaces/present.ts'
import { openSecrets, sealSecrets } from '../workspaces/secrets.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { readConnection, type SavedConnection, unknownTypeIssue } from './read-connection.ts'
import { type ConnectionUse, DataSourceConnectionInUse } from './rules.ts'

export interface CreateDataSourceConnection {
  readonly workspaceId: string
  readonly name: string
  readonly type: string
  readonly settings: unknown
}

export interface UpdateDataSourceConnection {
  readonly id: string
  readonly revision: number
  readonly name?: string
  readonly settings?: unknown
}

export async function createDataSourceConnection(
  context: Context,
  input: CreateDataSourceConnection,
): Promise<string> {
  const { db } = context
  const { name, type } = input
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'edit')
  const read = await readSealed(context, { workspaceId, type, given: input.settings, saved: null }, name)
  return namedOnce('DataSourceConnection', name, () =>
    db.$transaction(async (tx) => {
      const { id } = await tx.dataSourceConnection.create({ data: { workspaceId, name, type, ...read } })
      await record(tx, context, 'createDataSourceConnection', { workspaceId, id })
      return id
    }),
  )
}

export async function updateDataSourceConnection(
  context: Context,
  input: UpdateDataSourceConnection,
): Promise<string> {
  const { id, revision, settings: given } = input
  const current = await findConnection(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('DataSourceConnection', id, current.revision)
  const name = input.name ?? current.name
  if (given === undefined) rejectIssues(nameIssues(name))
  const { workspaceId, type } = current
  const read =
    given === undefined
      ? {}
      : await readSealed(context, { workspaceId, type, given, saved: await savedOf(context, current) }, name)
  await namedOnce('DataSourceConnection', name, () => save(context, current, { name, ...read }))
  return id
}

/** Connects for real; the tables that it finds are the proof. */
export async function testDataSourceConnection(
  context: Context,
  { id }: { readonly id: string },
): Promise<readonly TableWithColumns[]> {
  return listTables(context.deps, toConnect(await findConnection(context, id, 'operate')))
}

/** Returns the workspace that it was in. */
export async function deleteDataSourceConnection(
  context: Context,
  { id, revision }: { readonly id: string; readonly revision: number },
): Promise<string> {
  const current = await findConnection(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('DataSourceConnection', id, current.revision)
  const { name, workspaceId } = current
  await context.db.$transaction(async (tx) => {
    // A publish takes the same lock: what it is about to make live is seen here, or does not find the connection.
    await lockWorkspace(tx, workspaceId)
    const uses = await usesOf({ db: tx }, current)
    if (uses.length > 0) throw new DataSourceConnectionInUse(name, uses)
    const { count } = await tx.dataSourceConnection.updateMany({
      where: { id, workspaceId, revision },
      data: { deletedAt: context.deps.clock(), revision: { increment: 1 } },
    })
    if (count === 0) await throwChanged({ db: tx }, id)
    await record(tx, context, 'deleteDataSourceConnection', current)
  })
  return workspaceId
}

async function findConnection(
  { db, access }: Context,
  id: string,
  right: Right,
): Promise<DataSourceConnection> {
  const connection = await db.dataSourceConnection.findUnique({
    where: { id, ...within(access), ...present },
  })
  if (connection === null) throw new NotFound('DataSourceConnection', id)
  requireRight(access, connection.workspaceId, right)
  return connection
}

type Db = Pick<Context['db'], 'dataSource' | 'dataSourceConnection' | '$queryRaw' | 'version' | 'workspace'>

/** The data sources of the working copy, and those of the version that runs: its reads need the secrets. */
async function usesOf(
  { db }: { readonly db: Db },
  { id, workspaceId }: DataSourceConnection,
): Promise<readonly ConnectionUse[]> {
  const edited = await db.dataSource.findMany({
    where: { workspaceId, connectionId: id, ...present },
    orderBy: { name: 'asc' },
  })
  const { liveVersion } = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId } })
  const live = liveVersion === null ? [] : (await loadVersion({ db }, workspaceId, liveVersion)).sources
  return [
    ...edited.map((source) => ({ name: source.name, dataSourceId: source.id, isLive: false })),
    ...live
      .filter(({ connectionId }) => connectionId === id)
      .map((source) => ({ name: source.name, dataSourceId: source.id, isLive: true })),
  ]
}

interface Wanted {
  readonly workspaceId: string
  readonly type: string
  readonly given: unknown
  readonly saved: SavedConnection | null
}

interface ReadSettings {
  readonly settings: JsonObject
  readonly secrets: Uint8Array<ArrayBuffer> | null
}

/** Throws one `InvalidInput` with everything that is wrong, the name included. */
async function readSealed(
  { deps }: Context,
  { workspaceId, type, given, saved }: Wanted,
  name: string,
): Promise<ReadSettings> {
  const found: readonly Issue[] = nameIssues(name)
  const definition = deps.registry.source(type)?.definition
  if (definition === undefined) {
    const installed = deps.registry.sources().map(({ definition: { id } }) => id)
    throw new InvalidInput([...found, unknownTypeIssue(type, installed)])
  }
  const read = readConnection(definition, given, saved)
  if (!read.ok) throw new InvalidInput([...found, ...read.issues])
  rejectIssues(found)
  return {
    settings: read.settings,
    secrets: sealSecrets(await deps.workspaceKeys.of(workspaceId), read.secrets),
  }
}

async function savedOf({ deps }: Context, row: DataSourceConnection): Promise<SavedConnection> {
  const settings = isRecord(row.settings) ? row.settings : {}
  return { settings, secrets: openSecrets(await deps.workspaceKeys.of(row.workspaceId), row.secrets) }
}

async function save(
  context: Context,
  { id, workspaceId, revision }: DataSourceConnection,
  data: Partial<ReadSettings> & { readonly name: string },
): Promise<void> {
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.dataSourceConnection.updateMany({
      where: { id, workspaceId, revision },
      data: { ...data, revision: { increment: 1 } },
    })
    if (count === 0) await throwChanged({ db: tx }, id)
    await record(tx, context, 'updateDataSourceConnection', { workspaceId, id })
  })
}

async function throwChanged(
  { db }: { readonly db: Pick<Db, 'dataSourceConnection'> },
  id: string,
): Promise<never> {
  const changed = await db.dataSourceConnection.findUnique({ where: { id } })
  if (changed === null) throw new NotFound('DataSourceConnection', id)
  throw new RevisionConflict('DataSourceConnection', id, changed.revision)
}

function record(
  tx: Prisma.TransactionClient,
  context: Context,
  verb: string,
  { workspaceId, id }: Pick<DataSourceConnection, 'workspaceId' | 'id'>,
): Promise<void> {
  return recordChange(tx, context, { workspaceId, verb, entity: 'DataSourceConnection', entityId: id })
}
