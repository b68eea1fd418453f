/** Versions: the working copy becomes one only if all of it can run. */
import type { Version } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { InvalidInput, rejectIssues } from '../problems/rules.ts'
import type { LaneStart } from '../sources/processing-start.ts'
import { isRecord } from '../workspaces/json.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { assertAsSeen } from './changing-alone.ts'
import { readEntries } from './documents.ts'
import { publish } from './publish.ts'
import { type DocumentKind, manifestSchema, publishSchema, type Seen } from './rules.ts'
import { parseSeen, readSeen } from './seen.ts'
import { readWorkingCopy, type WorkingCopy } from './working-copy.ts'

export { loadVersion } from './load-version.ts'

export interface PublishVersion {
  readonly workspaceId: string
  readonly notes: string
  readonly name?: string
  /** What the publisher saw; without it, what is there. */
  readonly fingerprint?: string
  /** Where lanes start, beside what their actions say. */
  readonly starts?: readonly LaneStart[]
}

/** Returns the id of the new version. */
export async function publishVersion(context: Context, input: PublishVersion): Promise<string> {
  const { notes, name, starts } = input
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'publish')
  rejectIssues(issuesOf(publishSchema.safeParse({ notes, name }).error?.issues ?? []))
  const { copy, seen } = await readConfiguration(context, workspaceId)
  if (input.fingerprint !== undefined) assertAsSeen(workspaceId, seenBy(input.fingerprint), seen)
  return publish(context, { verb: 'publishVersion', workspaceId, name, notes, copy, seen, starts })
}

/** One snapshot: an edit between two reads could leave a reference without what it names. */
export function readConfiguration(
  { db }: Pick<Context, 'db'>,
  workspaceId: string,
): Promise<{ readonly copy: WorkingCopy; readonly seen: Seen }> {
  return db.$transaction(
    async (tx) => ({
      seen: await readSeen(tx, workspaceId),
      copy: await readWorkingCopy(tx, workspaceId),
    }),
    { isolationLevel: 'RepeatableRead' },
  )
}

export function seenBy(fingerprint: string): Seen {
  const seen = parseSeen(fingerprint)
  if (seen !== undefined) return seen
  const message =
    'This is not a fingerprint of a working copy. Read `workspace.fingerprint` and pass it as it is.'
  throw new InvalidInput([{ path: ['fingerprint'], code: 'invalid_format', message }])
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
  const entries = (await readEntries({ db }, workspaceId, manifestSchema.parse(manifest))) ?? []
  return entries.flatMap((entry) =>
    isRecord(entry.body) ? [{ ...entry, name: String(entry.body['name']) }] : [],
  )
}
