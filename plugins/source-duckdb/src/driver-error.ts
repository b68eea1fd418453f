/** Turns what DuckDB says into a coded error for people. DuckDB quotes values, so no text of its own passes. */
import { SourceError } from '@sluice/connector-sdk'
import { quoteIdentifier } from './sql-text.ts'

/** What may be named in a message: the file, and the names that the host's own statement contains. */
export interface ErrorScene {
  readonly baseName: string
  /** The files that are read: the one that an error names is told. */
  readonly files: readonly { readonly realPath: string; readonly baseName: string }[]
  readonly memoryLimitMiB: number
  /** The statement that ran: a name that DuckDB quotes passes only if it stands in here. */
  readonly sql?: string
}

export function toSourceError(error: unknown, scene: ErrorScene): SourceError {
  if (error instanceof SourceError) return error
  // What the bindings put in front of DuckDB's own text.
  const driverText = error instanceof Error ? error.message.replace(/^Failed to [a-z ]+: /, '') : ''
  // All patterns start at the start: further on, the text may repeat a line of the file.
  const kind = /^([A-Z][A-Za-z -]{1,30}) Error: /.exec(driverText)?.[1] ?? 'Unknown'
  const broken =
    scene.files.length > 1 ? scene.files.find(({ realPath }) => driverText.includes(realPath)) : undefined
  const file = `“${broken?.baseName ?? scene.baseName}”`
  if (/^IO Error: (Could not set lock on file|[^\n]*being used by another process)/.test(driverText)) {
    return new SourceError(
      'locked',
      `${file} is open for writing in another process. It is tried again when that process has closed it.`,
    )
  }
  const place = brokenPlace(driverText, scene)
  if (place !== undefined) return new SourceError('bad_file', `${file}${place}`)
  switch (kind) {
    case 'Out of Memory':
      return new SourceError(
        'out_of_memory',
        `Reading ${file} needs more than its memory limit of ${scene.memoryLimitMiB} MiB. Raise the limit, or select fewer columns or rows.`,
      )
    case 'INTERRUPT':
      return new SourceError('broken_stream', `Reading ${file} was interrupted before its end.`)
    case 'Permission':
      return new SourceError(
        'not_allowed',
        `Reading ${file} would touch another file or the network, which is not allowed. Does a view in it read one?`,
      )
    case 'Binder':
    case 'Catalog':
      if (scene.sql === undefined) return unreadable(file, kind)
      return new SourceError(
        'bad_query',
        `The query does not fit ${file}${missingName(driverText, scene)}. Have its columns changed?`,
      )
    case 'Parser':
    case 'Syntax':
      return new SourceError('bad_query', 'The query is not one well-formed SELECT statement.')
    case 'Conversion': {
      const column = /when casting from source column (.+)$/m.exec(driverText)?.[1]
      if (column === undefined || !isKnownName(column, scene)) return misfit(file)
      return new SourceError(
        'bad_file',
        `A value of column “${column}” in ${file} does not fit the column's type. Was it found in the first rows only?`,
      )
    }
    case 'Out of Range':
    case 'Not implemented':
      return misfit(file)
    default:
      return unreadable(file, kind)
  }
}

function misfit(file: string): SourceError {
  return new SourceError(
    'bad_query',
    `A value of the query, or one in ${file}, does not fit the type it is cast to.`,
  )
}

function unreadable(file: string, kind: string): SourceError {
  return new SourceError(
    'bad_file',
    `${file} cannot be read (${kind} Error of DuckDB): it is damaged, encrypted, written by a newer DuckDB, or not what its ending says; or a view in it does not work.`,
  )
}

/** Where a csv or json file is broken, as far as DuckDB tells it. */
function brokenPlace(driverText: string, scene: ErrorScene): string | undefined {
  const csvLine = /^[A-Z][A-Za-z ]+ Error: CSV Error on Line: (\d+)\n/.exec(driverText)?.[1]
  if (csvLine !== undefined) {
    return ` cannot be read at line ${csvLine}${csvReason(driverText, scene)}. Correct that line.`
  }
  if (/^[A-Z][A-Za-z ]+ Error: Error when sniffing file /.test(driverText)) {
    return ' cannot be read as a table: its lines differ in their number of columns, or a quote is not closed.'
  }
  const jsonLine =
    /^[A-Z][A-Za-z ]+ Error: (?:JSON transform error|Malformed JSON) in file .*?, (?:at byte \d+ )?in line (\d+):/.exec(
      driverText,
    )?.[1]
  if (jsonLine !== undefined) {
    return ` cannot be read at line ${jsonLine}: it is not well-formed JSON, or a value does not fit the type found in the first rows. Correct that line.`
  }
  if (/^[A-Z][A-Za-z ]+ Error: Contents of view were altered/.test(driverText)) {
    return ' has changed its columns while it was open.'
  }
  return undefined
}

function csvReason(driverText: string, scene: ErrorScene): string {
  const column = /\nError when converting column "(.+?)"\. /.exec(driverText)?.[1]
  if (column !== undefined) {
    const named = isKnownName(column, scene) ? ` of column “${column}”` : ''
    return `: the value${named} does not fit the type found in the first rows`
  }
  if (/\nExpected Number of Columns: \d+ Found: \d+/.test(driverText)) {
    return ': it has more or fewer columns than the first line'
  }
  if (/\nValue with unterminated quote found/.test(driverText)) return ': a quote is opened and not closed'
  if (/This file is not utf-8 encoded/.test(driverText)) return ': it is not UTF-8 text'
  return ''
}

function missingName(driverText: string, scene: ErrorScene): string {
  const name = /^Binder Error: Referenced column "(.+?)" not found/.exec(driverText)?.[1]
  return name !== undefined && isKnownName(name, scene) ? `: there is no column “${name}”` : ''
}

/** Columns' names stand quoted in the statement; values never do. */
function isKnownName(name: string, scene: ErrorScene): boolean {
  return scene.sql?.includes(quoteIdentifier(name)) ?? false
}
