/** Versions: the working copy becomes one only if all of it can run. */
import { runningActions, type VersionDocuments } from '../../engine/documents.ts'
import type { Prisma, Version } from '../../prisma/generated/client/client.ts'
import { wakeWorkflows } from '../actions/wake.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { rejectIssues } from '../problems/rules.ts'
import type { LaneStart } from '../sources/processing-start.ts'
import { asJsonObject, isRecord } from '../workspaces/json.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { contentHash } from './canonical-json.ts'
import { type CheckedCopy, checkWorkingCopy } from './check-working-copy.ts'
import { loadVersion } from './load-version.ts'
import { type DocumentKind, manifestSchema, NotPublishable, problemsAt, publishSchema } from './rules.ts'
import { markRead, startLanes } from './start-lanes.ts'
import { readWorkingCopy, type WorkingCopy } from './working-copy.ts'

export { loadVersion } from './load-version.ts'

export interface PublishVersion {
  readonly workspaceId: string
  readonly notes: string
  /** Where lanes start, beside what their actions say. */
  readonly starts: readonly LaneStart[]
}

/** Returns the id of the new version. */
export async function publishVersion(context: Context, input: PublishVersion): Promise<string> {
  const { db, deps } = context
  const { notes } = input
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'publish')
  rejectIssues(issuesOf(publishSchema.safeParse({ notes }).error?.issues ?? []))
  // One snapshot: an edit between two reads could leave a reference without what it names.
  const copy = await db.$transaction((tx) => readWorkingCopy(tx, workspaceId), {
    isolationLevel: 'RepeatableRead',
  })
  const checked = await checkWorkingCopy(context, workspaceId, copy, input.starts)
  if (checked.problems.length > 0) throw new NotPublishable(checked.problems)
  const version = await db.$transaction((tx) => save(tx, context, workspaceId, notes, copy, checked))
  const sourceIds = sourcesRead(copy)
  await wakeWorkflows(
    deps,
    sourceIds.map((id) => () => deps.workflows.syncSource(id)),
    `Version ${version.number} is published.`,
  )
  return version.id
}

async function save(
  tx: Prisma.TransactionClient,
  context: Context,
  workspaceId: string,
  notes: string,
  copy: WorkingCopy,
  checked: CheckedCopy,
) {
  // Publishes of a workspace go one after the other, so that numbers and the live version do too.
  await tx.$queryRaw`SELECT 1 FROM workspace WHERE id = ${workspaceId}::uuid FOR UPDATE`
  const { fingerprint } = await readWorkingCopy(tx, workspaceId)
  if (fingerprint !== copy.fingerprint)
    throw new NotPublishable(problemsAt('Workspace', workspaceId, [changed]))
  const last = await tx.version.aggregate({ where: { workspaceId }, _max: { number: true } })
  const number = (last._max.number ?? 0) + 1
  const documents = documentsOf(copy.documents)
  await tx.document.createMany({
    data: documents.map(({ kind, hash, body }) => ({ workspaceId, kind, hash, body })),
    skipDuplicates: true,
  })
  const version = await tx.version.create({
    data: {
      workspaceId,
      number,
      notes,
      manifest: documents.map(({ kind, id, hash }) => ({ kind, id, hash })),
    },
  })
  await tx.workspace.update({ where: { id: workspaceId }, data: { liveVersion: number } })
  await startLanes(tx, workspaceId, checked)
  await markRead(tx, workspaceId, sourcesRead(copy))
  await recordChange(tx, context, {
    workspaceId,
    verb: 'publishVersion',
    entity: 'Version',
    entityId: version.id,
  })
  return version
}

function sourcesRead({ documents }: WorkingCopy): readonly string[] {
  return [...new Set(runningActions(documents).map(({ dataSourceId }) => dataSourceId))]
}

const changed = {
  path: [],
  code: 'changed_meanwhile',
  message: 'Something was edited while the working copy was checked. Publish again.',
}

function documentsOf({
  connections,
  sources,
  segments,
  connectors,
  actions,
}: Omit<VersionDocuments, 'number'>) {
  const named = (kind: DocumentKind, documents: readonly { readonly id: string }[]) =>
    documents.map((document) => {
      const body = asJsonObject({ ...document })
      return { kind, id: document.id, hash: contentHash(body), body }
    })
  return [
    ...named('connection', connections),
    ...named('source', sources),
    ...named('segment', segments),
    ...named('connector', connectors),
    ...named('action', actions),
  ]
}

/** A document of a version as people see it in a list. */
export interface VersionDocument {
  readonly kind: DocumentKind
  readonly id: string
  readonly hash: string
  readonly name: string
  readonly body: unknown
}

export async function listDocuments(
  { db }: Pick<Context, 'db'>,
  { workspaceId, manifest }: Version,
): Promise<readonly VersionDocument[]> {
  const entries = manifestSchema.parse(manifest)
  const rows = await db.document.findMany({
    where: { workspaceId, hash: { in: entries.map(({ hash }) => hash) } },
  })
  const bodies = new Map(rows.map(({ hash, body }) => [hash, body]))
  return entries.flatMap((entry) => {
    const body = bodies.get(entry.hash)
    return isRecord(body) ? [{ ...entry, name: String(body['name']), body }] : []
  })
}

/** Whether a workspace's live version runs an action. */
export async function isActionLive(
  deps: { readonly db: Context['db'] },
  workspace: { readonly id: string; readonly liveVersion: number | null },
  actionId: string,
): Promise<boolean> {
  if (workspace.liveVersion === null) return false
  const version = await loadVersion(deps, workspace.id, workspace.liveVersion)
  return runningActions(version).some(({ id }) => id === actionId)
}
