/** JSON with one spelling per value, so that equal documents have equal hashes. */
import { createHash } from 'node:crypto'
import { isRecord } from '../workspaces/json.ts'

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) => (isRecord(each) ? sorted(each) : each))
}

/** SHA-256 of the canonical form, in lower-case hex. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')
}

function sorted(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).toSorted(([left], [right]) => (left < right ? -1 : 1)))
}
