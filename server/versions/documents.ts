/** A configuration as single documents, each named by the hash of its content, and back. */
import type { z } from 'zod'
import {
  actionDocumentSchema,
  connectionDocumentSchema,
  connectorDocumentSchema,
  segmentDocumentSchema,
  sourceDocumentSchema,
} from '../../engine/documents.ts'
import type { Context } from '../context.ts'
import { asJsonObject, type JsonObject } from '../workspaces/json.ts'
import { contentHash } from './canonical-json.ts'
import { connectionWithin, sourceWithout } from './earlier-documents.ts'
import { type DocumentKind, type Documents, documentKinds, listOfKind, type Manifest } from './rules.ts'

/** One document, as it is stored. */
export interface Entry {
  readonly kind: DocumentKind
  readonly id: string
  readonly hash: string
  readonly body: unknown
}

/** One document, not read yet. */
export interface StoredText extends Omit<Entry, 'body'> {
  /** JSON. */
  readonly text: string
}

interface Deps {
  readonly db: Pick<Context['db'], '$queryRaw'>
}

export interface NewEntry extends Entry {
  readonly body: JsonObject
}

export function entriesOf(documents: Documents): readonly NewEntry[] {
  return documentKinds.flatMap((kind) =>
    documents[listOfKind[kind]].map((document) => {
      const body = asJsonObject({ ...document })
      return { kind, id: document.id, hash: contentHash(body), body }
    }),
  )
}

export function manifestOf(entries: readonly Entry[]) {
  return entries.map(({ kind, id, hash }) => ({ kind, id, hash }))
}

/** The documents that a manifest lists, or undefined where one is not there. One statement. */
export async function readEntries(
  deps: Deps,
  workspaceId: string,
  manifest: Manifest,
): Promise<readonly Entry[] | undefined> {
  const texts = await readTexts(deps, workspaceId, manifest)
  return texts?.map(({ text, ...entry }) => ({ ...entry, body: JSON.parse(text) }))
}

/** Of a version or a draft: nothing ever deletes a document that something lists. */
export async function keptEntries(
  deps: Deps,
  workspaceId: string,
  manifest: Manifest,
): Promise<readonly Entry[]> {
  return kept(await readEntries(deps, workspaceId, manifest))
}

/** As they are stored, for who looks at one at a time. */
export async function keptTexts(
  deps: Deps,
  workspaceId: string,
  manifest: Manifest,
): Promise<readonly StoredText[]> {
  return kept(await readTexts(deps, workspaceId, manifest))
}

async function readTexts(
  { db }: Deps,
  workspaceId: string,
  manifest: Manifest,
): Promise<readonly StoredText[] | undefined> {
  const hashes = manifest.map(({ hash }) => hash)
  // Raw, since a list of thousands is one parameter so; as text, since Prisma reads JSON twice.
  const rows = await db.$queryRaw<readonly { readonly hash: string; readonly body: string }[]>`
    SELECT hash, body::text AS body FROM document
    WHERE workspace_id = ${workspaceId}::uuid AND hash = ANY(${hashes}::text[])`
  const texts = new Map(rows.map(({ hash, body }) => [hash, body]))
  const found = manifest.flatMap((entry) => {
    const text = texts.get(entry.hash)
    return text === undefined ? [] : [{ ...entry, text }]
  })
  return found.length === manifest.length ? found : undefined
}

function kept<Found>(found: Found | undefined): Found {
  if (found === undefined) throw new Error('A document that a version or a draft lists is not there.')
  return found
}

export function documentsFrom(entries: readonly Entry[]): Documents {
  const present = presentEntries(entries)
  const read = <Schema extends z.ZodType>(wanted: DocumentKind, schema: Schema): z.output<Schema>[] =>
    present.filter(({ kind }) => kind === wanted).map(({ body }) => schema.parse(body))
  return {
    connections: read('connection', connectionDocumentSchema),
    sources: read('source', sourceDocumentSchema),
    segments: read('segment', segmentDocumentSchema),
    connectors: read('connector', connectorDocumentSchema),
    actions: read('action', actionDocumentSchema),
  }
}

/** As entries are written today: what an older Sluice wrote may have held two entities in one document. */
export function presentEntries(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'source') return [entry]
    const connections = connectionWithin(entry.body)
    return [
      ...connections.map((body): Entry => ({ ...entry, kind: 'connection', body })),
      { ...entry, body: sourceWithout(entry.body) },
    ]
  })
}
