/** What is planned of a document: for each entry what is there, what it becomes, and what is wrong with it. */
import { suggestion } from '../../engine/rules/nearest-name.ts'
import type { Context } from '../context.ts'
import type { Issue } from '../problems/rules.ts'
import type { WorkspaceKey } from '../workspaces/keys.ts'
import type { Part } from './document.ts'
import type { Entries } from './entries.ts'
import type { Present } from './read-present.ts'
import { wordsOf } from './words.ts'

export interface Planning {
  readonly deps: Context['deps']
  readonly workspaceId: string
  readonly key: WorkspaceKey
  readonly present: Present
  /** What is there, in the words of the document: things are called what it calls them. */
  readonly before: Entries
  /**
   * The values of the variables that stand for secrets. Undefined: it is only compared. Then secrets are not asked for
   * and data sources not looked at, so that what both would tell is left out.
   */
  readonly secrets: ReadonlyMap<string, string> | undefined
  /** What references may name. */
  readonly names: Names
}

/** Ids by names: of the document, and of what else stays. */
export type Names = Readonly<Record<ReferredPart, ReadonlyMap<string, string>>>
type ReferredPart = 'connections' | 'dataSources' | 'segments' | 'connectors'

export interface Want<Entry, Document> {
  readonly id: string
  readonly index: number
  /** Undefined: it is new. */
  readonly before: Entry | undefined
  readonly after: Entry
  /** Undefined where something is wrong, or not known before its data source is looked at. */
  readonly document: Document | undefined
  readonly issues: readonly Issue[]
}

/** What a name in a document stands for. */
export type Reference =
  | { readonly id: string; readonly issues: readonly [] }
  | { readonly id: undefined; readonly issues: readonly Issue[] }

export function refer(names: Names, part: ReferredPart, name: string, path: Issue['path']): Reference {
  const id = names[part].get(name)
  if (id !== undefined) return { id, issues: [] }
  const { plural, singular } = wordsOf(part)
  const candidates = [...names[part].keys()]
  const message = `There is no ${singular} named "${name}". ${candidates.length === 0 ? `The configuration has no ${plural}.` : suggestion(name, candidates)}`
  return { id: undefined, issues: [{ path, code: `unknown_${singular.replace(' ', '_')}`, message }] }
}

/** `issues` are those of the nouns, which know their own fields only. */
export function issuesAt(
  part: Part,
  index: number,
  issues: readonly Issue[],
  fieldOf: Readonly<Record<string, string>> = {},
): readonly Issue[] {
  return issues.map(({ path: [field, ...deeper], ...issue }) => ({
    ...issue,
    path: [part, index, ...(field === undefined ? [] : [fieldOf[field] ?? field]), ...deeper],
  }))
}
