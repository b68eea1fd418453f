/** How fast a long export comes: rows a second of all actions' metrics by the hour, read as any client reads them. */
import { median } from './median.ts'

interface Server {
  readonly url: string
  readonly token: string
}

const rounds = 3
const lineEnd = '\n'.charCodeAt(0)

/** Rows a second, the median of three rounds; the first rows and the connection are part of it. */
export async function exportRowsPerSecond(server: Server, workspaceId: string): Promise<number> {
  const speeds: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now()
    const rows = await countRows(server, workspaceId)
    speeds.push((rows * 1_000) / (performance.now() - startedAt))
  }
  return Math.round(median(speeds))
}

async function countRows({ token, url }: Server, workspaceId: string): Promise<number> {
  const response = await fetch(`${url}/exports/metrics.csv?workspace=${workspaceId}&range=PAST_30_DAYS`, {
    headers: { authorization: `Bearer ${token}` },
  })
  if (!response.ok || response.body === null) throw new Error(`No export came: ${response.status}.`)
  // The first line has the names.
  let rows = -1
  for await (const piece of response.body) {
    for (let at = piece.indexOf(lineEnd); at !== -1; at = piece.indexOf(lineEnd, at + 1)) rows += 1
  }
  if (rows < 1) throw new Error('The export is empty.')
  return rows
}
