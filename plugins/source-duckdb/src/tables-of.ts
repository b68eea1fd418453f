/** Which tables several files are: one each, or all of them together. */
import path from 'node:path'
import { SourceError } from '@sluice/connector-sdk'
import type { SourceFile } from './locate-file.ts'

export interface FileTable {
  readonly name: string
  /** At least one; several are read as one, columns by name. */
  readonly files: readonly SourceFile[]
}

/** @param whole the name of the one table, if that is wanted */
export function tablesOf(
  files: readonly SourceFile[],
  root: string,
  whole: string | undefined,
): readonly FileTable[] {
  if (whole !== undefined) return [{ name: whole, files: sameKind(files, whole) }]
  const named = files.map((file) => ({ file, ...path.parse(path.relative(root, file.givenPath)) }))
  const stemOf = ({ dir, name }: path.ParsedPath) => (dir === '' ? name : `${dir}/${name}`)
  return named.map((each) => {
    const isAlone = named.filter((other) => stemOf(other) === stemOf(each)).length === 1
    return { name: isAlone ? stemOf(each) : `${stemOf(each)}${each.ext}`, files: [each.file] }
  })
}

function sameKind(files: readonly SourceFile[], name: string): readonly SourceFile[] {
  const kinds = [...new Set(files.map(({ kind }) => kind))]
  if (kinds.length === 1) return files
  throw new SourceError(
    'bad_settings',
    `The files of “${name}” are of several kinds (${kinds.join(', ')}), which cannot be one table. Choose one kind, for example with *.${kinds[0]}.`,
  )
}
