/** Reads a published version back, for those who run it. */
import type { z } from 'zod'
import {
  actionDocumentSchema,
  connectorDocumentSchema,
  segmentDocumentSchema,
  sourceDocumentSchema,
  type VersionDocuments,
} from '../../engine/documents.ts'
import type { Context } from '../context.ts'
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
  const bodies = new Map(rows.map(({ hash, body }) => [hash, body]))
  const read = <Schema extends z.ZodType>(wanted: DocumentKind, schema: Schema): z.output<Schema>[] =>
    manifest
      .filter(({ kind }) => kind === wanted)
      .map(({ hash }) => {
        const body = bodies.get(hash)
        if (body === undefined) throw new VersionMissing(number)
        return schema.parse(body)
      })
  return {
    number,
    sources: read('source', sourceDocumentSchema),
    segments: read('segment', segmentDocumentSchema),
    connectors: read('connector', connectorDocumentSchema),
    actions: read('action', actionDocumentSchema),
  }
}
