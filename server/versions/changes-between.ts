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
  /** Of one that was created or deleted, all of them. */
  readonly fields: readonly FieldChange[]
}

/** A document of one side. */
export interface Differing extends Omit<Entry, 'body'> {
  read(): unknown
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
export function changesBetween(
  before: readonly Differing[],
  after: readonly Differing[],
): readonly EntityChange[] {
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

/** Undefined where the two say the same in forms of different age. */
function changeOf(before: Differing | undefined, after: Differing | undefined): EntityChange | undefined {
  const entry = after ?? before
  if (entry === undefined) return undefined
  const { kind, id } = entry
  const [old, now] = [before?.read(), after?.read()]
  const body = now ?? old
  const name = isRecord(body) ? String(body['name']) : ''
  if (before === undefined) return { kind, id, name, change: 'CREATED', fields: allFields(now, 'ADDED') }
  if (after === undefined) return { kind, id, name, change: 'DELETED', fields: allFields(old, 'REMOVED') }
  const fields = fieldsBetween(kind, old, now)
  return fields.length === 0 ? undefined : { kind, id, name, change: 'UPDATED', fields }
}

function allFields(body: unknown, change: 'ADDED' | 'REMOVED'): readonly FieldChange[] {
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

/** What came or went may be a matter of form: an older document is read as one of today before that is said. */
function fieldsBetween(kind: DocumentKind, before: unknown, after: unknown): readonly FieldChange[] {
  const fields = documentChanges(before, after)
  if (fields.every(({ change }) => change === 'UPDATED')) return fields
  const schema = schemaOfKind[kind]
  return documentChanges(schema.parse(before), schema.parse(after))
}

function keyOf({ kind, id, hash }: Manifest[number]): string {
  return `${kind}/${id}/${hash}`
}

function placeOf({ kind, id }: Pick<Differing, 'kind' | 'id'>): string {
  return `${kind}/${id}`
}

function orderOf({ kind }: EntityChange): number {
  return documentKinds.indexOf(kind)
}
