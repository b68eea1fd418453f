/** Reads csv files: the shape is told by the first line, only simple types are guessed. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { SourceError } from '@sluice/connector-sdk'
import { type CsvHeader, readCsvHeader } from './csv-header.ts'
import { fileList } from './file-list.ts'
import { quoteLiteral } from './sql-text.ts'

// A date is only what is written year first: 01/02/2024 means two things, and stays text.
export const dateFormat = "dateformat = '%Y-%m-%d'"

/**
 * Left to itself DuckDB would also guess quotes, comments and lines to skip, and then take a broken row for a header
 * or a comment, or a quoted value for one with quotes in it.
 */
const shape = `header = true, quote = '"', escape = '"', comment = '', skip = 0, hive_partitioning = false`

/** SQL of the table function that reads the files, with timestamps left as text. */
export async function csvReader(
  connection: DuckDBConnection,
  files: readonly string[],
  delimiters: readonly string[],
): Promise<string> {
  const headers = await Promise.all(files.map((file) => readCsvHeader(file, delimiters)))
  const delimiter = oneDelimiter(headers)
  const given = (list: string) => `${list}, delim = ${quoteLiteral(delimiter)}, ${shape}`
  const reader = `read_csv(${given(fileList(files))}, ${dateFormat}, auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'DATE', 'VARCHAR'])`
  try {
    await connection.run(`SELECT * FROM ${reader} LIMIT 0`)
  } catch (error) {
    // Guessing fails without saying where; reading nothing but texts fails at the line.
    for (const [at, { columns }] of headers.entries()) {
      const texts = Array.from({ length: columns }, (_, index) => `'c${index}': 'VARCHAR'`)
      const plain = `read_csv(${given(fileList(files.slice(at, at + 1)))}, auto_detect = false, columns = {${texts.join(', ')}})`
      await connection.run(`SELECT count(COLUMNS(*)) FROM ${plain}`)
    }
    throw error
  }
  return reader
}

function oneDelimiter(headers: readonly CsvHeader[]): string {
  // A single column shows none.
  const shown = new Set(headers.filter(({ columns }) => columns > 1).map(({ delimiter }) => delimiter))
  const [delimiter = headers[0]?.delimiter ?? ',', another] = shown
  if (another === undefined) return delimiter
  throw new SourceError(
    'bad_file',
    'The files separate their columns by different characters, so they cannot be read as one table.',
  )
}
