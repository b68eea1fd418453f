/** Publishes an old version again, as a new one; the working copy is put aside and becomes the same. */
import type { Context } from '../context.ts'
import type { LaneStart } from '../sources/processing-start.ts'
import { putAside } from './drafts.ts'
import { findVersion, keptDocuments } from './load-working-copy.ts'
import { publish } from './publish.ts'
import { readConfiguration } from './service.ts'
import { workingCopyOf } from './working-copy.ts'
import { writeWorkingCopy } from './write-working-copy.ts'

export interface RevertToVersion {
  readonly id: string
  readonly notes?: string
  /** Where lanes start, beside what their actions say. */
  readonly starts?: readonly LaneStart[]
}

/** Returns the id of the new version. Everything is checked as for any publish: what runs it may be gone. */
export async function revertToVersion(
  context: Context,
  { id, notes, starts }: RevertToVersion,
): Promise<string> {
  const version = await findVersion(context, id, 'publish')
  const { workspaceId, number } = version
  const wanted = await keptDocuments(context, version)
  const { copy, seen } = await readConfiguration(context, workspaceId)
  return publish(context, {
    verb: 'revertToVersion',
    workspaceId,
    name: undefined,
    notes: [`Reverted to version ${number}.`, notes].filter(Boolean).join(' '),
    copy: await workingCopyOf(context.db, workspaceId, wanted),
    seen,
    starts,
    async alongside(tx) {
      const name = `Before reverting to version ${number}`
      await putAside(tx, context, { workspaceId, name, documents: copy.documents })
      await writeWorkingCopy(tx, workspaceId, copy.documents, wanted)
    },
  })
}
