/** Finds what the settings name: a database, a file, the files of a folder, or those that a pattern fits. */
import { access } from 'node:fs/promises'
import path from 'node:path'
import { SourceError } from '@sluice/connector-sdk'
import { glob } from 'tinyglobby'
import { resolveAllowed } from './allowed-path.ts'
import { fileKind } from './file-kind.ts'
import { locateFile, type SourceFile, statIfThere } from './locate-file.ts'
import { type FileTable, tablesOf } from './tables-of.ts'

export type LocatedFiles =
  | { readonly kind: 'database'; readonly baseName: string; readonly database: SourceFile }
  | { readonly kind: 'files'; readonly baseName: string; readonly tables: readonly FileTable[] }

export interface WantedFiles {
  readonly path: string
  /** Whether several files are one table. */
  readonly oneTable: boolean
}

/** Each poll looks at all of them. */
const mostFiles = 1_000
const deepest = 10
const wildcard = /[*?[\]{}]/

export async function locateFiles(
  wanted: WantedFiles,
  allowedDirectories: readonly string[],
): Promise<LocatedFiles> {
  const folder = await folderOf(wanted.path, allowedDirectories)
  if (folder === undefined) return singleFile(await locateFile(wanted.path, allowedDirectories))
  const { root } = folder
  const baseName = path.basename(wanted.path)
  const files = await filesIn(folder, baseName, allowedDirectories)
  const whole = wanted.oneTable ? path.basename(root) : undefined
  return { kind: 'files', baseName, tables: tablesOf(files, root, whole) }
}

function singleFile(file: SourceFile): LocatedFiles {
  const { baseName, kind, stem } = file
  return kind === 'duckdb'
    ? { kind: 'database', baseName, database: file }
    : { kind: 'files', baseName, tables: [{ name: stem, files: [file] }] }
}

interface Folder {
  readonly root: string
  readonly pattern: string
}

/** Undefined for a single file. What exists by the very name is meant by it, whatever signs are in it. */
async function folderOf(given: string, allowedDirectories: readonly string[]): Promise<Folder | undefined> {
  const segments = path.resolve(given).split(path.sep)
  const first = segments.findIndex((segment) => wildcard.test(segment))
  if (first < 0 || (await exists(given))) {
    const { realPath, exists: isThere } = await resolveAllowed(given, allowedDirectories)
    const found = isThere ? await statIfThere(realPath) : undefined
    return found?.isDirectory() ? { root: realPath, pattern: '*' } : undefined
  }
  const fixed = segments.slice(0, first).join(path.sep) || path.sep
  const { realPath: root } = await resolveAllowed(fixed, allowedDirectories)
  return { root, pattern: segments.slice(first).join('/') }
}

async function exists(given: string): Promise<boolean> {
  return access(given).then(
    () => true,
    () => false,
  )
}

/** Links are passed over: what they lead to is not walked. Each file is looked at like one that was named. */
async function filesIn(
  { root, pattern }: Folder,
  baseName: string,
  allowedDirectories: readonly string[],
): Promise<readonly SourceFile[]> {
  const paths = await glob(pattern, {
    ...{ cwd: root, absolute: true, deep: deepest, expandDirectories: false },
    followSymbolicLinks: false,
  })
  const readable = paths.filter((each) => {
    const kind = fileKind(path.extname(each))
    return kind !== undefined && kind !== 'duckdb'
  })
  if (readable.length > mostFiles) {
    throw new SourceError(
      'bad_settings',
      `“${baseName}” are more than ${mostFiles} files. Read a part of them.`,
    )
  }
  const files: SourceFile[] = []
  for (const each of readable.toSorted()) {
    const file = await unlessGone(locateFile(each, allowedDirectories))
    if (file !== undefined) files.push(file)
  }
  if (files.length > 0) return files
  throw new SourceError('not_found', `There is no csv, tsv, parquet or json file in “${baseName}”.`)
}

/** It may have gone since the folder was listed. */
async function unlessGone(locating: Promise<SourceFile>): Promise<SourceFile | undefined> {
  try {
    return await locating
  } catch (error) {
    if (error instanceof SourceError && error.code === 'not_found') return undefined
    throw error
  }
}
