/** Finds the file that the settings name, and refuses what lies outside the allowed folders. */
import type { BigIntStats } from 'node:fs'
import { access, constants, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { SourceError } from '@sluice/connector-sdk'
import { type FileKind, fileEndings, fileKind } from './file-kind.ts'

export interface SourceFile {
  /** Symbolic links resolved. */
  readonly realPath: string
  /** The name in messages: never more of the path than this. */
  readonly baseName: string
  /** The name of the one table of a csv, parquet or json file. */
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
  const { realPath, exists } = await resolveAsFarAsPossible(path.resolve(givenPath))
  // Before anything is said about the file: whether a path exists elsewhere is nobody's business.
  if (!allowedDirectories.some((directory) => isBelow(realPath, directory))) {
    throw new SourceError(
      'not_allowed',
      `“${base}” lies outside the folders that sources may read. Move it into one of them, or name its folder in SLUICE_SOURCE_DIRS.`,
    )
  }
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
    realPath,
    baseName: base,
    stem: name,
    kind,
    identity: `${found.dev}:${found.ino}`,
    bytes: Number(found.size),
  }
}

/** The real path of the longest part that exists, with the rest as given: a missing file's folder may be a link too. */
async function resolveAsFarAsPossible(absolutePath: string): Promise<{ realPath: string; exists: boolean }> {
  try {
    return { realPath: await realpath(absolutePath), exists: true }
  } catch (error) {
    const parent = path.dirname(absolutePath)
    if (parent === absolutePath) throw error
    const resolved = await resolveAsFarAsPossible(parent)
    return { realPath: path.join(resolved.realPath, path.basename(absolutePath)), exists: false }
  }
}

function isBelow(file: string, directory: string): boolean {
  const relative = path.relative(directory, file)
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative)
}

async function statIfThere(file: string): Promise<BigIntStats | undefined> {
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
