/** The shape of a repeated group's entries: dotted keys as nested objects, worked out once. */

/** A number is the part that stands there; a list is an object with its fields. */
type EntryNode = number | readonly EntryField[]
interface EntryField {
  readonly name: string
  readonly node: EntryNode
}

interface Place {
  readonly path: readonly string[]
  readonly part: number
}

/** The tree of dotted keys; a leaf is the key's index. */
export function entryTree(keys: readonly string[]): readonly EntryField[] {
  return fieldsOf(keys.map((key, part) => ({ path: key.split('.'), part })))
}

function fieldsOf(places: readonly Place[]): readonly EntryField[] {
  const names = new Set(places.flatMap(({ path }) => path.slice(0, 1)))
  return [...names].map((name) => {
    const below = places.filter(({ path }) => path[0] === name)
    const leaf = below.find(({ path }) => path.length === 1)
    const inner = below.map(({ path, part }) => ({ path: path.slice(1), part }))
    return { name, node: leaf === undefined ? fieldsOf(inner) : leaf.part }
  })
}

/** Builds one entry; what has no value is left out, and so is an object without any. */
export function buildEntry(
  fields: readonly EntryField[],
  readPart: (part: number) => unknown,
): Record<string, unknown> | undefined {
  let entry: Record<string, unknown> | undefined
  for (const { name, node } of fields) {
    const value = typeof node === 'number' ? readPart(node) : buildEntry(node, readPart)
    if (value === null || value === undefined) continue
    entry ??= {}
    entry[name] = value
  }
  return entry
}
