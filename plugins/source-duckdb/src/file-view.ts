/** The one table of a csv, parquet or json file: a view over DuckDB's reader of it. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { SourceError } from '@sluice/connector-sdk'
import { csvDelimiter } from './csv-delimiter.ts'
import type { SourceFile } from './locate-file.ts'
import { quoteIdentifier, quoteLiteral } from './sql-text.ts'
import { textInstants } from './text-instants.ts'

export async function createFileView(connection: DuckDBConnection, file: SourceFile): Promise<void> {
  if (file.bytes === 0) throw new SourceError('bad_file', `“${file.baseName}” is empty.`)
  const reader = await readerOf(file)
  const instants = file.kind === 'parquet' ? [] : await textInstants(connection, reader)
  const casts = instants.map(({ column, type }) => {
    const name = quoteIdentifier(column)
    return `CAST(${name} AS ${type}) AS ${name}`
  })
  const replace = casts.length === 0 ? '' : ` REPLACE (${casts.join(', ')})`
  await connection.run(`CREATE VIEW ${quoteIdentifier(file.stem)} AS SELECT *${replace} FROM ${reader}`)
}

async function readerOf(file: SourceFile): Promise<string> {
  const path = quoteLiteral(file.realPath)
  switch (file.kind) {
    case 'csv':
      return readCsv(path, await csvDelimiter(file.realPath))
    case 'tsv':
      return readCsv(path, '\t')
    case 'parquet':
      return `read_parquet(${path}, hive_partitioning = false)`
    case 'json':
      return readJson(path, 'auto')
    case 'ndjson':
      return readJson(path, 'newline_delimited')
    case 'duckdb':
      throw new Error('a DuckDB file is attached, not viewed')
  }
}

// A date is only what is written year first: 01/02/2024 means two things, and stays text.
const dateFormat = "dateformat = '%Y-%m-%d'"

/**
 * Only simple types are guessed, from the first rows. Left to itself DuckDB would also guess quotes, comments and
 * lines to skip, and then take a broken row for a header, or a quoted value for one with quotes in it.
 */
function readCsv(path: string, delimiter: string): string {
  return `read_csv(${path}, delim = ${quoteLiteral(delimiter)}, header = true, quote = '"', escape = '"', comment = '', skip = 0, ${dateFormat}, auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'DATE', 'VARCHAR'], hive_partitioning = false)`
}

// No timestamp is written in this format, which keeps them all as text.
const noTimestampFormat = "timestampformat = 'none %Y'"

function readJson(path: string, format: 'auto' | 'newline_delimited'): string {
  return `read_json(${path}, format = '${format}', ${dateFormat}, ${noTimestampFormat}, hive_partitioning = false)`
}
