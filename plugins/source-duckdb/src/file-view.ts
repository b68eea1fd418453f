/** The one table of a csv, parquet or json file: a view over DuckDB's reader of it. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { SourceError } from '@sluice/connector-sdk'
import { csvReader, dateFormat } from './csv-reader.ts'
import type { SourceFile } from './locate-file.ts'
import { quoteIdentifier, quoteLiteral } from './sql-text.ts'
import { textInstants } from './text-instants.ts'

export async function createFileView(connection: DuckDBConnection, file: SourceFile): Promise<void> {
  if (file.bytes === 0) throw new SourceError('bad_file', `“${file.baseName}” is empty.`)
  const reader = await readerOf(connection, file)
  const instants = file.kind === 'parquet' ? [] : await textInstants(connection, reader)
  const casts = instants.map(({ column, type }) => {
    const name = quoteIdentifier(column)
    return `CAST(${name} AS ${type}) AS ${name}`
  })
  const replace = casts.length === 0 ? '' : ` REPLACE (${casts.join(', ')})`
  await connection.run(`CREATE VIEW ${quoteIdentifier(file.stem)} AS SELECT *${replace} FROM ${reader}`)
}

async function readerOf(connection: DuckDBConnection, file: SourceFile): Promise<string> {
  switch (file.kind) {
    case 'csv':
      return csvReader(connection, file.realPath, [',', ';', '\t', '|'])
    case 'tsv':
      return csvReader(connection, file.realPath, ['\t'])
    case 'parquet':
      return `read_parquet(${quoteLiteral(file.realPath)}, hive_partitioning = false)`
    case 'json':
      return jsonReader(file.realPath, 'auto')
    case 'ndjson':
      return jsonReader(file.realPath, 'newline_delimited')
    case 'duckdb':
      throw new Error('a DuckDB file is attached, not viewed')
  }
}

// No timestamp is written in this format, which leaves them all as text.
const noTimestampFormat = "timestampformat = 'none %Y'"

function jsonReader(file: string, format: 'auto' | 'newline_delimited'): string {
  return `read_json(${quoteLiteral(file)}, format = '${format}', ${dateFormat}, ${noTimestampFormat}, hive_partitioning = false)`
}
