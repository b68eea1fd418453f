/** Tells without opening a file whether it may have changed: cheap enough to ask every two seconds. */
import { stat } from 'node:fs/promises'
import type { FileContext, PublicSettings } from '@sluice/connector-sdk'
import { locateFile } from './locate-file.ts'
import { settings as settingsForm } from './settings.ts'

/** A text that differs whenever the file, or a database's write-ahead log, has been written or replaced. */
export async function changeToken(settings: PublicSettings, context: FileContext): Promise<string> {
  const { path } = settingsForm.parse(settings)
  const { realPath } = await locateFile(path, context.allowedDirectories)
  return `${await stamp(realPath)} ${await stamp(`${realPath}.wal`)}`
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
