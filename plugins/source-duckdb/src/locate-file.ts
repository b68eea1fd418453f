/** Finds one file, and refuses what this source does not read or may not. */
import type { BigIntStats } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import path from 'node:path'
import { SourceError } from '@sluice/connector-sdk'
import { resolveAllowed } from './allowed-path.ts'
import { type FileKind, fileEndings, fileKind } from './file-kind.ts'

export interface SourceFile {
  /** As it was named, or found in its folder. */
  readonly givenPath: string
  /** Symbolic links resolved. */
  readonly realPath: string
  /** The name in messages: never more of the path than this. */
  readonly baseName: string
  /** The name of the table, where it is the only file. */
  readonly stem: string
  readonly kind: FileKind
  /** Tells files apart even when one replaces another under the same name. */
  readonly identity: string
  readonly bytes: number
}

export async function locateFile(
  givenPath: string,
  allowedDirectories: readonly string[],
): Promise<SourceFile> {
  const { base, ext, name } = path.parse(givenPath)
  const kind = fileKind(ext)
  if (kind === undefined) {
    throw new SourceError(
      'bad_settings',
      `The ending of “${base}” is not one that this source reads: ${fileEndings.join(', ')}.`,
    )
  }
  const { realPath, exists } = await resolveAllowed(givenPath, allowedDirectories)
  // It may go at any moment, as when another is put in its place.
  const found = exists ? await statIfThere(realPath) : undefined
  if (found === undefined) throw new SourceError('not_found', `There is no file “${base}” at the given path.`)
  if (!found.isFile()) {
    throw new SourceError('bad_settings', `“${base}” is not a file. Give the path of one file.`)
  }
  if (!(await isReadable(realPath))) {
    throw new SourceError('not_allowed', `“${base}” may not be read by the user that runs Sluice.`)
  }
  return {
    givenPath,
    realPath,
    baseName: base,
    stem: name,
    kind,
    identity: `${found.dev}:${found.ino}`,
    bytes: Number(found.size),
  }
}

export async function statIfThere(file: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(file, { bigint: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function isReadable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  )
}
