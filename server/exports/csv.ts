/** Rows as CSV after RFC 4180, for spreadsheets: with a byte order mark, and nothing in it that one would run. */
import { stringify } from 'csv-stringify/sync'

export type Cell = string | number | null
export type Row = readonly Cell[]

/**
 * Where a formula would begin: at the start of a cell, or behind what another country's spreadsheet takes for the end of
 * one. Full-width signs count too.
 */
const startOfFormula = /(?<=^|[,;|\t\r\n])(?=[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])/g

/** An apostrophe makes it a text. */
export function withoutFormulas(text: string): string {
  return text.replace(startOfFormula, "'")
}

const options = {
  record_delimiter: 'windows',
  // Numbers are told from texts that look like them.
  quoted_string: true,
  cast: { string: withoutFormulas },
} as const

/** Piece by piece, as the pages come: the next one is asked for when the last one was taken. */
export async function* csvOf(
  columns: readonly string[],
  pages: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string, void, undefined> {
  yield stringify([columns], { ...options, bom: true })
  for await (const rows of pages) {
    // What is at its end with a full page has an empty one behind it.
    if (rows.length > 0) yield stringify([...rows], options)
  }
}
