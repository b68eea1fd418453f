/** A table of csv, parquet or json files: a view over DuckDB's reader of them. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { SourceError } from '@sluice/connector-sdk'
import { csvReader, dateFormat } from './csv-reader.ts'
import type { FileKind } from './file-kind.ts'
import { fileList } from './file-list.ts'
import { quoteIdentifier } from './sql-text.ts'
import type { FileTable } from './tables-of.ts'
import { textInstants } from './text-instants.ts'

export async function createFileView(connection: DuckDBConnection, table: FileTable): Promise<void> {
  // An empty file among others has no rows, and no columns either.
  const filled = table.files.filter(({ bytes }) => bytes > 0)
  const [first] = filled
  if (first === undefined) throw new SourceError('bad_file', `“${table.files[0]?.baseName}” is empty.`)
  const reader = await readerOf(
    connection,
    first.kind,
    filled.map(({ realPath }) => realPath),
  )
  const instants = first.kind === 'parquet' ? [] : await textInstants(connection, reader)
  const casts = instants.map(({ column, type }) => {
    const name = quoteIdentifier(column)
    return `CAST(${name} AS ${type}) AS ${name}`
  })
  const replace = casts.length === 0 ? '' : ` REPLACE (${casts.join(', ')})`
  await connection.run(`CREATE VIEW ${quoteIdentifier(table.name)} AS SELECT *${replace} FROM ${reader}`)
}

async function readerOf(
  connection: DuckDBConnection,
  kind: FileKind,
  files: readonly string[],
): Promise<string> {
  switch (kind) {
    case 'csv':
      return csvReader(connection, files, [',', ';', '\t', '|'])
    case 'tsv':
      return csvReader(connection, files, ['\t'])
    case 'parquet':
      return `read_parquet(${fileList(files)}, hive_partitioning = false)`
    case 'json':
      return jsonReader(files, 'auto')
    case 'ndjson':
      return jsonReader(files, 'newline_delimited')
    case 'duckdb':
      throw new Error('a DuckDB file is attached, not viewed')
  }
}

// No timestamp is written in this format, which leaves them all as text.
const noTimestampFormat = "timestampformat = 'none %Y'"

function jsonReader(files: readonly string[], format: 'auto' | 'newline_delimited'): string {
  return `read_json(${fileList(files)}, format = '${format}', ${dateFormat}, ${noTimestampFormat}, hive_partitioning = false)`
}
