/** Tells without opening a file whether it may have changed: cheap enough to ask every two seconds. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { FileContext, PublicSettings } from '@sluice/connector-sdk'
import { locateFiles } from './locate-files.ts'
import { settings as settingsForm } from './settings.ts'

/** A text that differs whenever a file, or a database's write-ahead log, has come, gone, been written or replaced. */
export async function changeToken(settings: PublicSettings, context: FileContext): Promise<string> {
  const { path, oneTable = false } = settingsForm.parse(settings)
  const located = await locateFiles({ path, oneTable }, context.allowedDirectories)
  if (located.kind === 'database') {
    const { realPath } = located.database
    return `${await stamp(realPath)} ${await stamp(`${realPath}.wal`)}`
  }
  const hash = createHash('sha256')
  for (const { files } of located.tables) {
    for (const { givenPath, realPath } of files) hash.update(`${givenPath} ${await stamp(realPath)}\n`)
  }
  return hash.digest('base64')
}

async function stamp(path: string): Promise<string> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true })
    return `${ino}:${mtimeNs}:${size}`
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'none'
    throw error
  }
}
