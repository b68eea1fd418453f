/** A configuration as a document: of the working copy, or of a version or a draft. */
import { requireRight } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { NotFound } from '../problems/rules.ts'
import { findDraft } from '../versions/drafts.ts'
import { findVersion, type Kept, keptDocuments } from '../versions/load-working-copy.ts'
import type { Documents } from '../versions/rules.ts'
import { seenText } from '../versions/seen.ts'
import type { JsonObject } from '../workspaces/json.ts'
import type { ConnectorEntry } from './document.ts'
import { entriesOf } from './entries.ts'
import { readPresent } from './read-present.ts'
import { documentOf } from './write-document.ts'

export interface ExportedConfiguration {
  readonly document: JsonObject
  /** Of the working copy at that moment. */
  readonly fingerprint: string
}

/** Labels and notes are always those of now: versions have none. */
export async function exportConfiguration(
  context: Context,
  workspaceId: string,
  of: Kept | undefined,
): Promise<ExportedConfiguration> {
  requireRight(context.access, workspaceId, 'read')
  const kept = of && (await documentsKept(context, workspaceId, of))
  const { seen, documents, beside } = await readPresent(context, workspaceId)
  const entries = entriesOf(kept ?? documents, beside, { registry: context.deps.registry })
  const connectors = new Map([...entries.connectors].map(([id, entry]) => [id, agreed(context, entry)]))
  return { document: documentOf({ ...entries, connectors }), fingerprint: seenText(seen) }
}

/** Who made it has agreed to the terms of its type; whoever makes it elsewhere is told so by the document. */
function agreed({ deps }: Context, entry: ConnectorEntry): ConnectorEntry {
  const terms = deps.registry.connector(entry.type)?.definition.docs.terms
  return terms === undefined ? entry : { ...entry, acceptTerms: true }
}

async function documentsKept(context: Context, workspaceId: string, of: Kept): Promise<Documents> {
  const kept =
    of.entity === 'Version'
      ? await findVersion(context, of.id, 'read')
      : await findDraft(context, of.id, 'read')
  if (kept.workspaceId !== workspaceId) throw new NotFound(of.entity, of.id)
  return keptDocuments(context, kept)
}
