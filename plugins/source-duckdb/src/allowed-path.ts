/** Resolves a path, links included, and refuses what lies outside the folders that sources may read. */
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { SourceError } from '@sluice/connector-sdk'

export interface AllowedPath {
  /** Symbolic links resolved, as far as the path exists. */
  readonly realPath: string
  readonly exists: boolean
}

/** Before anything is said about it: whether a path exists elsewhere is nobody's business. */
export async function resolveAllowed(
  givenPath: string,
  allowedDirectories: readonly string[],
): Promise<AllowedPath> {
  const resolved = await resolveAsFarAsPossible(path.resolve(givenPath))
  if (allowedDirectories.some((directory) => isWithin(resolved.realPath, directory))) return resolved
  throw new SourceError(
    'not_allowed',
    `“${path.basename(givenPath)}” lies outside the folders that sources may read. Move it into one of them, or name its folder in SLUICE_SOURCE_DIRS.`,
  )
}

/** The real path of the longest part that exists, with the rest as given: a missing file's folder may be a link too. */
async function resolveAsFarAsPossible(absolutePath: string): Promise<AllowedPath> {
  try {
    return { realPath: await realpath(absolutePath), exists: true }
  } catch (error) {
    const parent = path.dirname(absolutePath)
    if (parent === absolutePath) throw error
    const resolved = await resolveAsFarAsPossible(parent)
    return { realPath: path.join(resolved.realPath, path.basename(absolutePath)), exists: false }
  }
}

/** A folder may be read by itself too. */
function isWithin(file: string, directory: string): boolean {
  const relative = path.relative(directory, file)
  return relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative)
}
