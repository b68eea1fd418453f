/** Reads a published version back, for those who run it. */
import type { z } from 'zod'
import {
  actionDocumentSchema,
  connectionDocumentSchema,
  connectorDocumentSchema,
  segmentDocumentSchema,
  sourceDocumentSchema,
  type VersionDocuments,
} from '../../engine/documents.ts'
import type { Context } from '../context.ts'
import { connectionWithin, sourceWithout } from './earlier-documents.ts'
import { type DocumentKind, manifestSchema, VersionMissing } from './rules.ts'

type Db = Pick<Context['db'], 'version' | 'document'>

export async function loadVersion(
  { db }: { readonly db: Db },
  workspaceId: string,
  number: number,
): Promise<VersionDocuments> {
  const version = await db.version.findUnique({ where: { workspaceId_number: { workspaceId, number } } })
  if (version === null) throw new VersionMissing(number)
  const manifest = manifestSchema.parse(version.manifest)
  const rows = await db.document.findMany({
    where: { workspaceId, hash: { in: manifest.map(({ hash }) => hash) } },
  })
  const stored = new Map(rows.map(({ hash, body }) => [hash, body]))
  const bodies = (wanted: DocumentKind): readonly unknown[] =>
    manifest
      .filter(({ kind }) => kind === wanted)
      .map(({ hash }) => {
        const body = stored.get(hash)
        if (body === undefined) throw new VersionMissing(number)
        return body
      })
  const read = <Schema extends z.ZodType>(schema: Schema, found: readonly unknown[]): z.output<Schema>[] =>
    found.map((body) => schema.parse(body))
  const sources = bodies('source')
  return {
    number,
    connections: read(connectionDocumentSchema, [
      ...bodies('connection'),
      ...sources.flatMap(connectionWithin),
    ]),
    sources: read(sourceDocumentSchema, sources.map(sourceWithout)),
    segments: read(segmentDocumentSchema, bodies('segment')),
    connectors: read(connectorDocumentSchema, bodies('connector')),
    actions: read(actionDocumentSchema, bodies('action')),
  }
}
