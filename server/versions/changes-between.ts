/** What differs between two configurations: entities that came, went or changed. */
import { isRecord } from '../workspaces/json.ts'
import type { Entry } from './documents.ts'
import { documentChanges, type FieldChange } from './field-changes.ts'
import { type DocumentKind, documentKinds, type Manifest, schemaOfKind } from './rules.ts'

export interface EntityChange {
  readonly kind: DocumentKind
  readonly id: string
  readonly name: string
  readonly change: 'CREATED' | 'UPDATED' | 'DELETED'
  /** Undefined where it was created. */
  readonly before: unknown
  /** Undefined where it was deleted. */
  readonly after: unknown
  /** Of one that is on both sides. */
  readonly fields: readonly FieldChange[]
}

/** The entries of each that the other has not: only their documents need to be read. */
export function differingEntries<Left extends Manifest[number], Right extends Manifest[number]>(
  before: readonly Left[],
  after: readonly Right[],
): { readonly before: readonly Left[]; readonly after: readonly Right[] } {
  const old = new Set(before.map(keyOf))
  const now = new Set(after.map(keyOf))
  return {
    before: before.filter((entry) => !now.has(keyOf(entry))),
    after: after.filter((entry) => !old.has(keyOf(entry))),
  }
}

/** By kind, then by name. */
export function changesBetween(before: readonly Entry[], after: readonly Entry[]): readonly EntityChange[] {
  const old = new Map(before.map((entry) => [placeOf(entry), entry]))
  const now = new Map(after.map((entry) => [placeOf(entry), entry]))
  const gone = before.filter((entry) => !now.has(placeOf(entry)))
  return [
    ...gone.map((entry) => changeOf(entry, undefined)),
    ...after.map((entry) => changeOf(old.get(placeOf(entry)), entry)),
  ]
    .filter((change) => change !== undefined)
    .toSorted((left, right) => orderOf(left) - orderOf(right) || (left.name < right.name ? -1 : 1))
}

export function fieldsOf({ before, after, fields }: EntityChange): readonly FieldChange[] {
  if (before !== undefined && after !== undefined) return fields
  const [body, change] = before === undefined ? [after, 'ADDED' as const] : [before, 'REMOVED' as const]
  if (!isRecord(body)) return []
  return Object.entries(body)
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => ({
      path: [name],
      change,
      before: change === 'ADDED' ? undefined : value,
      after: change === 'ADDED' ? value : undefined,
    }))
}

/** Undefined where the two say the same in forms of different age. */
function changeOf(before: Entry | undefined, after: Entry | undefined): EntityChange | undefined {
  const entry = after ?? before
  if (entry === undefined) return undefined
  const { kind, id, body } = entry
  const name = isRecord(body) ? String(body['name']) : ''
  const sides = { before: before?.body, after: after?.body }
  if (before === undefined) return { kind, id, name, change: 'CREATED', ...sides, fields: [] }
  if (after === undefined) return { kind, id, name, change: 'DELETED', ...sides, fields: [] }
  const fields = fieldsBetween(before, after)
  return fields.length === 0 ? undefined : { kind, id, name, change: 'UPDATED', ...sides, fields }
}

/** What came or went may be a matter of form: an older document is read as one of today before that is said. */
function fieldsBetween(before: Entry, after: Entry): readonly FieldChange[] {
  const fields = documentChanges(before.body, after.body)
  if (fields.every(({ change }) => change === 'UPDATED')) return fields
  const schema = schemaOfKind[after.kind]
  return documentChanges(schema.parse(before.body), schema.parse(after.body))
}

function keyOf({ kind, id, hash }: Manifest[number]): string {
  return `${kind}/${id}/${hash}`
}

function placeOf({ kind, id }: Pick<Entry, 'kind' | 'id'>): string {
  return `${kind}/${id}`
}

function orderOf({ kind }: EntityChange): number {
  return documentKinds.indexOf(kind)
}
