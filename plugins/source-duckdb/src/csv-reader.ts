/** Reads csv files: the shape is told by the first line, only simple types are guessed. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { readCsvHeader } from './csv-header.ts'
import { quoteLiteral } from './sql-text.ts'

// A date is only what is written year first: 01/02/2024 means two things, and stays text.
export const dateFormat = "dateformat = '%Y-%m-%d'"

/**
 * Left to itself DuckDB would also guess quotes, comments and lines to skip, and then take a broken row for a header
 * or a comment, or a quoted value for one with quotes in it.
 */
const shape = `header = true, quote = '"', escape = '"', comment = '', skip = 0, hive_partitioning = false`

/** SQL of the table function that reads the file, with timestamps left as text. */
export async function csvReader(
  connection: DuckDBConnection,
  file: string,
  delimiters: readonly string[],
): Promise<string> {
  const { delimiter, columns } = await readCsvHeader(file, delimiters)
  const given = `${quoteLiteral(file)}, delim = ${quoteLiteral(delimiter)}, ${shape}`
  const reader = `read_csv(${given}, ${dateFormat}, auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'DATE', 'VARCHAR'])`
  try {
    await connection.run(`SELECT * FROM ${reader} LIMIT 0`)
  } catch (error) {
    // Guessing fails without saying where; reading nothing but texts fails at the line.
    const texts = Array.from({ length: columns }, (_, index) => `'c${index}': 'VARCHAR'`)
    const plain = `read_csv(${given}, auto_detect = false, columns = {${texts.join(', ')}})`
    await connection.run(`SELECT count(COLUMNS(*)) FROM ${plain}`)
    throw error
  }
  return reader
}
