/** What differs between a workspace and a document, entry by entry and field by field. */
import { documentChanges, type FieldChange } from '../versions/field-changes.ts'
import type { Part } from './document.ts'
import { shortEntry } from './write-document.ts'

export interface PartChange {
  /** Of the row; labels and attributes are known by their names. */
  readonly id: string | null
  readonly part: Part
  readonly name: string
  readonly change: 'CREATED' | 'UPDATED' | 'DELETED'
  /** Of one that comes or goes: all that is not as it is anyway. */
  readonly fields: readonly FieldChange[]
}

interface NamedEntry {
  readonly name: string
}

/** Undefined where nothing differs. */
export function changeOf(
  part: Part,
  id: string | null,
  before: NamedEntry | undefined,
  after: NamedEntry | undefined,
): PartChange | undefined {
  if (before === undefined) {
    return after && { id, part, name: after.name, change: 'CREATED', fields: allFields(part, after, 'ADDED') }
  }
  if (after === undefined) {
    return { id, part, name: before.name, change: 'DELETED', fields: allFields(part, before, 'REMOVED') }
  }
  const fields = documentChanges(before, after)
  return fields.length === 0 ? undefined : { id, part, name: after.name, change: 'UPDATED', fields }
}

function allFields(part: Part, entry: object, change: 'ADDED' | 'REMOVED'): readonly FieldChange[] {
  return Object.entries(shortEntry(part, entry))
    .filter(([name]) => name !== 'name')
    .map(([name, value]) => ({
      path: [name],
      change,
      before: change === 'ADDED' ? undefined : value,
      after: change === 'ADDED' ? value : undefined,
    }))
}
