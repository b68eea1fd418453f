/** Which character separates the columns of a csv file: read off its first line, so that later lines cannot change it. */
import { open } from 'node:fs/promises'

const candidates = [',', ';', '\t', '|'] as const
const headBytes = 256 * 1024

export async function csvDelimiter(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return mostFrequentOutsideQuotes(buffer.toString('utf8', 0, bytesRead))
  } finally {
    await handle.close()
  }
}

function mostFrequentOutsideQuotes(head: string): string {
  const counts = new Map<string, number>(candidates.map((candidate) => [candidate, 0]))
  let isQuoted = false
  for (const character of head) {
    if (character === '"') isQuoted = !isQuoted
    if (isQuoted) continue
    if (character === '\n' || character === '\r') break
    const count = counts.get(character)
    if (count !== undefined) counts.set(character, count + 1)
  }
  // The order of the candidates decides between equals.
  return candidates.reduce((best, each) => ((counts.get(each) ?? 0) > (counts.get(best) ?? 0) ? each : best))
}
