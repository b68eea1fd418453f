/** Which of a document's entries are in the workspace already, by name or by the name that they had. */
import { v7 } from 'uuid'
import type { Issue } from '../problems/rules.ts'
import type { Part } from './document.ts'
import { wordsOf } from './words.ts'

interface NamedEntry {
  readonly name: string
  readonly was?: string
}

export interface Match<Entry> {
  /** Without what it was. */
  readonly entry: Omit<Entry, 'was'>
  /** Its place in the document's list. */
  readonly index: number
  /** The row's, or a new one. */
  readonly id: string
  readonly isNew: boolean
}

export interface Matches<Entry> {
  readonly matched: readonly Match<Entry>[]
  /** What the workspace has and the document has not. */
  readonly others: readonly string[]
  readonly issues: readonly Issue[]
}

/** `present` are names by ids, each once. */
export function matchEntries<Entry extends NamedEntry>(
  part: Part,
  entries: readonly Entry[],
  present: ReadonlyMap<string, string>,
): Matches<Entry> {
  const idOf = new Map([...present].map(([id, name]) => [name, id]))
  const renamed = new Map<string, number>()
  const issues: Issue[] = [...duplicates([part], wordsOf(part).plural, entries)]
  for (const [index, { name, was }] of entries.entries()) {
    const id = was === undefined || was === name ? undefined : idOf.get(was)
    // Once it is renamed, the old name tells nothing any more.
    if (id === undefined) continue
    if (renamed.has(id)) issues.push(claimedTwice(part, index, was))
    else if (idOf.has(name)) issues.push(bothThere(part, index, name, was))
    else renamed.set(id, index)
  }
  const claimed = new Map([...renamed].map(([id, index]) => [index, id]))
  const matched = entries.map((entry, index): Match<Entry> => {
    const named = idOf.get(entry.name)
    const id = claimed.get(index) ?? (named !== undefined && !renamed.has(named) ? named : undefined)
    const { was: _was, ...lasting } = entry
    return { entry: lasting, index, id: id ?? v7(), isNew: id === undefined }
  })
  const kept = new Set(matched.map(({ id }) => id))
  return { matched, others: [...present.keys()].filter((id) => !kept.has(id)), issues }
}

/** Names stand for things, so each stands once. */
export function duplicates(
  list: Issue['path'],
  plural: string,
  entries: readonly { readonly name: string }[],
): readonly Issue[] {
  const seen = new Set<string>()
  return entries.flatMap(({ name }, index): readonly Issue[] => {
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const message = `There are two ${plural} named "${name}". Give one another name.`
    return [{ path: [...list, index, 'name'], code: 'name_taken', message }]
  })
}

function claimedTwice(part: Part, index: number, was: string | undefined): Issue {
  const message = `Another of the ${wordsOf(part).plural} was "${was}" already. Only one of them can have been.`
  return { path: [part, index, 'was'], code: 'name_taken', message }
}

function bothThere(part: Part, index: number, name: string, was: string | undefined): Issue {
  const message = `The workspace has both a ${wordsOf(part).singular} "${was}" and a ${wordsOf(part).singular} "${name}", so the first cannot get the name. Take \`was\` out, or choose another name.`
  return { path: [part, index, 'was'], code: 'name_taken', message }
}
