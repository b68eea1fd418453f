/** Reads a published version back, for those who run it. */
import type { VersionDocuments } from '../../engine/documents.ts'
import type { Context } from '../context.ts'
import { documentsFrom, readEntries } from './documents.ts'
import { manifestSchema, VersionMissing } from './rules.ts'

type Db = Pick<Context['db'], 'version' | '$queryRaw'>

export async function loadVersion(
  { db }: { readonly db: Db },
  workspaceId: string,
  number: number,
): Promise<VersionDocuments> {
  const version = await db.version.findUnique({ where: { workspaceId_number: { workspaceId, number } } })
  const entries =
    version === null
      ? undefined
      : await readEntries({ db }, workspaceId, manifestSchema.parse(version.manifest))
  if (entries === undefined) throw new VersionMissing(number)
  return { number, ...documentsFrom(entries) }
}
