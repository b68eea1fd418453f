/** A source that a live version reads, with the lanes that want its rows. */
import { type ConnectionDocument, runningActions, type SourceDocument } from '../../engine/documents.ts'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { loadVersion } from '../versions/service.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import type { SourceToConnect } from './connect.ts'
import { connectionSecrets } from './connection-secrets.ts'

export interface LiveSource {
  readonly workspaceId: string
  readonly versionNumber: number
  readonly source: SourceDocument
  readonly connection: ConnectionDocument
  readonly secrets: Uint8Array | null
  readonly laneIds: readonly string[]
  readonly actionIds: readonly string[]
  readonly key: WorkspaceKey
}

interface Deps {
  readonly db: PrismaClient
  readonly workspaceKeys: WorkspaceKeys
}

/** Null when nothing that runs reads it. */
export async function liveSource(deps: Deps, dataSourceId: string): Promise<LiveSource | null> {
  const { db } = deps
  const row = await db.dataSource.findUnique({
    where: { id: dataSourceId },
    include: { workspace: true, lanes: true },
  })
  const liveVersion = row?.workspace.liveVersion
  if (row === null || liveVersion === null || liveVersion === undefined) return null
  const version = await loadVersion(deps, row.workspaceId, liveVersion)
  const source = version.sources.find(({ id }) => id === dataSourceId)
  const actionIds = runningActions(version)
    .filter((action) => action.dataSourceId === dataSourceId)
    .map(({ id }) => id)
  const laneIds = row.lanes.filter(({ actionId }) => actionIds.includes(actionId)).map(({ id }) => id)
  const connection = version.connections.find(({ id }) => id === source?.connectionId)
  if (source === undefined || connection === undefined || laneIds.length === 0) return null
  const key = await deps.workspaceKeys.of(row.workspaceId)
  return {
    workspaceId: row.workspaceId,
    versionNumber: liveVersion,
    source,
    connection,
    secrets: await connectionSecrets(db, row.workspaceId, connection.id),
    laneIds,
    actionIds,
    key,
  }
}

/** Whether the version that it was loaded from still runs. */
export async function isStillLive(
  { db }: Pick<Deps, 'db'>,
  { workspaceId, versionNumber }: LiveSource,
): Promise<boolean> {
  const row = await db.workspace.findUnique({ where: { id: workspaceId }, select: { liveVersion: true } })
  return row?.liveVersion === versionNumber
}

export function toConnectLive({ connection, workspaceId, secrets }: LiveSource): SourceToConnect {
  return { ...connection, workspaceId, secrets }
}
