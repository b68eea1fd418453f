/** The table as a CSV file that is replaced at once, as an export job would. */
import { rename, writeFile } from 'node:fs/promises'
import type { Version } from './world.ts'

/** Fields of the data source that reads it. */
export const tableSource = {
  keyColumns: ['id'],
  cursorMode: 'TIMESTAMP_INCREMENTING',
  timestampColumn: 'updated_at',
  incrementColumn: 'id',
  settleMs: 0,
} as const

export async function writeTable(path: string, rows: Iterable<Version>): Promise<void> {
  const lines = ['id,updated_at,person,v,active']
  for (const { id, micros, person, v, isActive } of rows) {
    lines.push(`${id},${instantText(micros)},${person},${v},${isActive}`)
  }
  await writeFile(`${path}.new`, `${lines.join('\n')}\n`)
  await rename(`${path}.new`, path)
}

/** `YYYY-MM-DD hh:mm:ss.ffffff`, in UTC. */
function instantText(micros: number): string {
  const seconds = new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19).replace('T', ' ')
  return `${seconds}.${String(micros % 1_000_000).padStart(6, '0')}`
}

/** The reverse, for the database's own text: zeros at the end may be missing. */
export function microsOf(text: string): number {
  const [whole = '', fraction = ''] = text.split('.')
  const ms = Date.parse(`${whole.replace(' ', 'T')}Z`)
  return ms * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}
