/** What the first line of a csv file says: which character separates columns, and how many there are. */
import { open } from 'node:fs/promises'

const headBytes = 256 * 1024

export interface CsvHeader {
  readonly delimiter: string
  readonly columns: number
}

/** @param delimiters the possible ones; the first wins between equals */
export async function readCsvHeader(file: string, delimiters: readonly string[]): Promise<CsvHeader> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return headerOf(buffer.toString('utf8', 0, bytesRead), delimiters)
  } finally {
    await handle.close()
  }
}

function headerOf(head: string, delimiters: readonly string[]): CsvHeader {
  const counts = new Map(delimiters.map((delimiter) => [delimiter, 0]))
  let isQuoted = false
  for (const character of head) {
    if (character === '"') isQuoted = !isQuoted
    if (isQuoted) continue
    if (character === '\n' || character === '\r') break
    const count = counts.get(character)
    if (count !== undefined) counts.set(character, count + 1)
  }
  const [delimiter, count] = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))
  return { delimiter, columns: count + 1 }
}
