/** What differs between two documents, field by field. */
import { isDeepStrictEqual } from 'node:util'
import { isRecord } from '../workspaces/json.ts'
import { canonicalJson } from './canonical-json.ts'

export interface FieldChange {
  /** Outermost first; an element of a list is named by what tells it apart, where something does. */
  readonly path: readonly string[]
  readonly change: 'ADDED' | 'REMOVED' | 'UPDATED'
  /** Undefined where it was added. */
  readonly before: unknown
  /** Undefined where it was removed. */
  readonly after: unknown
}

/** The lists of documents whose elements have names: another order of them is no difference. */
const namesOfElements: Readonly<Record<string, readonly string[]>> = {
  columns: ['name'],
  mappings: ['parameter', 'key'],
  templates: ['name'],
  templateVariables: ['name'],
}

/** Fields that older documents don't tell: that they lack one says nothing. */
const untoldBefore: readonly string[] = ['dataSourceIds']

/** Two documents of one entity. */
export function documentChanges(before: unknown, after: unknown): readonly FieldChange[] {
  if (!isRecord(before) || !isRecord(after)) return fieldChanges([], before, after)
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names]
    .filter((name) => name !== 'id' && !(untoldBefore.includes(name) && !(name in before && name in after)))
    .flatMap((name) => fieldChanges([name], before[name], after[name]))
}

export function fieldChanges(
  path: FieldChange['path'],
  before: unknown,
  after: unknown,
): readonly FieldChange[] {
  // Most is as it was, and that is told without making anything.
  if (isSameJson(before, after)) return []
  if (before === undefined) return [{ path, change: 'ADDED', before, after }]
  if (after === undefined) return [{ path, change: 'REMOVED', before, after }]
  if (isRecord(before) && isRecord(after)) return recordChanges(path, before, after)
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(path, before, after)
  return [{ path, change: 'UPDATED', before, after }]
}

function recordChanges(
  path: FieldChange['path'],
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly FieldChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => fieldChanges([...path, name], before[name], after[name]))
}

function listChanges(
  path: FieldChange['path'],
  before: readonly unknown[],
  after: readonly unknown[],
): readonly FieldChange[] {
  const [list] = path
  const names = list !== undefined && path.length === 1 ? namesOfElements[list] : undefined
  const left = names && byName(before, names)
  const right = names && byName(after, names)
  if (left !== undefined && right !== undefined) {
    const changes = [...new Set([...left.keys(), ...right.keys()])].flatMap((name) =>
      fieldChanges([...path, name], left.get(name), right.get(name)),
    )
    // Which of two elements comes first may matter, where nothing else differs.
    const isReordered = changes.length === 0 && !isDeepStrictEqual([...left.keys()], [...right.keys()])
    return isReordered ? [{ path, change: 'UPDATED', before, after }] : changes
  }
  return before.some(isRecord) || after.some(isRecord)
    ? elementChanges(path, before, after)
    : [{ path, change: 'UPDATED', before, after }]
}

/** Of values that JSON can say; an order of fields is none. */
function isSameJson(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((element, index) => isSameJson(element, right[index]))
  }
  if (!isRecord(left) || !isRecord(right)) return Object.is(left, right)
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => name in right && isSameJson(left[name], right[name]))
  )
}

/** Undefined where the names do not tell all elements apart. The id of a template is no content. */
function byName(
  elements: readonly unknown[],
  names: readonly string[],
): ReadonlyMap<string, unknown> | undefined {
  const named = new Map<string, unknown>()
  for (const element of elements) {
    if (!isRecord(element)) return undefined
    const parts = names.map((name) => element[name]).filter((part) => part !== undefined)
    named.set(parts.join('.'), 'id' in element ? withoutId(element) : element)
  }
  return named.size === elements.length ? named : undefined
}

function withoutId({ id: _id, ...element }: Readonly<Record<string, unknown>>): unknown {
  return element
}

/** Elements without a name are what they contain: each is there on both sides, or on one. */
function elementChanges(
  path: FieldChange['path'],
  before: readonly unknown[],
  after: readonly unknown[],
): readonly FieldChange[] {
  const removed = without(before, after).map(
    ([index, element]): FieldChange => ({
      path: [...path, String(index)],
      change: 'REMOVED',
      before: element,
      after: undefined,
    }),
  )
  const added = without(after, before).map(
    ([index, element]): FieldChange => ({
      path: [...path, String(index)],
      change: 'ADDED',
      before: undefined,
      after: element,
    }),
  )
  const changes = [...removed, ...added]
  return changes.length > 0 ? changes : [{ path, change: 'UPDATED', before, after }]
}

/** The elements of the one list that the other lacks, with their places. */
function without(
  list: readonly unknown[],
  other: readonly unknown[],
): readonly (readonly [number, unknown])[] {
  const left = new Map<string, number>()
  for (const element of other) {
    const text = canonicalJson(element)
    left.set(text, (left.get(text) ?? 0) + 1)
  }
  return list.flatMap((element, index) => {
    const text = canonicalJson(element)
    const count = left.get(text) ?? 0
    left.set(text, count - 1)
    return count > 0 ? [] : [[index, element] as const]
  })
}
