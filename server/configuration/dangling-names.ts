/** Names that lead nowhere in a document whose form is not right yet, so that both are told at once. */
import type { Issue } from '../problems/rules.ts'
import type { Documents } from '../versions/rules.ts'
import { isRecord } from '../workspaces/json.ts'
import type { Part } from './document.ts'
import { issuesAt, type Names, refer } from './planning.ts'

interface ReferringField {
  readonly part: Part
  readonly field: string
  readonly to: keyof Names
}

const referringFields: readonly ReferringField[] = [
  { part: 'dataSources', field: 'connection', to: 'connections' },
  { part: 'segments', field: 'dataSources', to: 'dataSources' },
  { part: 'actions', field: 'connector', to: 'connectors' },
  { part: 'actions', field: 'dataSource', to: 'dataSources' },
  { part: 'actions', field: 'segment', to: 'segments' },
]

/** Tells only what stays wrong whatever is meant by the rest: `issues` are those of the form. */
export function danglingNames(
  given: unknown,
  issues: readonly Issue[],
  documents: Documents,
  { deleteOthers }: { readonly deleteOthers: boolean },
): readonly Issue[] {
  // A list that cannot be read, or that is called something else, may hold any name.
  if (!isRecord(given) || issues.some(({ path }) => path.length < 2)) return []
  const entriesOf = (part: Part): readonly unknown[] => {
    const list = given[part]
    return Array.isArray(list) ? list : []
  }
  const namesOf = (part: keyof Names, present: readonly { readonly name: string }[]) => {
    const told = entriesOf(part).map((entry) => textOf(entry, 'name'))
    const kept = deleteOthers ? [] : present.map(({ name }) => name)
    return new Map([...kept, ...told.filter((name) => name !== undefined)].map((name) => [name, name]))
  }
  const names: Names = {
    connections: namesOf('connections', documents.connections),
    dataSources: namesOf('dataSources', documents.sources),
    segments: namesOf('segments', documents.segments),
    connectors: namesOf('connectors', documents.connectors),
  }
  return referringFields
    .filter(({ to }) => entriesOf(to).every((entry) => textOf(entry, 'name') !== undefined))
    .flatMap(({ field, part, to }) =>
      entriesOf(part).flatMap((entry, index) =>
        issuesAt(
          part,
          index,
          namesIn(entry, field).flatMap(({ name, path }) => refer(names, to, name, path).issues),
        ),
      ),
    )
}

function namesIn(
  entry: unknown,
  field: string,
): readonly { readonly name: string; readonly path: Issue['path'] }[] {
  const value = isRecord(entry) ? entry[field] : undefined
  if (typeof value === 'string') return [{ name: value.trim(), path: [field] }]
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  return list.flatMap((name, at) =>
    typeof name === 'string' ? [{ name: name.trim(), path: [field, at] }] : [],
  )
}

function textOf(entry: unknown, field: string): string | undefined {
  const value = isRecord(entry) ? entry[field] : undefined
  return typeof value === 'string' ? value.trim() : undefined
}
