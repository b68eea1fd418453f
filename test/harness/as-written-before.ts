/** Turns a version into what an older Sluice wrote: segments that don't tell their sources, templates without ids. */
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { contentHash } from '../../server/versions/canonical-json.ts'
import { type Manifest, manifestSchema } from '../../server/versions/rules.ts'
import type { TestApp } from './app.ts'

export async function asWrittenBefore({ db }: TestApp, versionId: string): Promise<void> {
  const { id } = decodeGlobalId(versionId)
  const { workspaceId, manifest } = await db.version.findUniqueOrThrow({ where: { id } })
  const older: Manifest[number][] = []
  for (const { kind, id: entityId, hash } of manifestSchema.parse(manifest)) {
    const where = { workspaceId_hash: { workspaceId, hash } }
    const { body } = await db.document.findUniqueOrThrow({ where })
    const before = JSON.parse(JSON.stringify(body))
    delete before.dataSourceIds
    for (const template of before.templates ?? []) delete template.id
    const entry = { kind, id: entityId, hash: contentHash(before) }
    await db.document.createMany({
      data: [{ workspaceId, kind, hash: entry.hash, body: before }],
      skipDuplicates: true,
    })
    older.push(entry)
  }
  await db.version.update({ where: { id }, data: { manifest: older } })
}
