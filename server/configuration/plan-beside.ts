/** What a document says beside the working copy: labels, notes and attributes, which versions have not. */
import type { SourceDocument } from '../../engine/documents.ts'
import type { Issue } from '../problems/rules.ts'
import type { AttributeEntry, Configuration, LabelEntry } from './document.ts'
import type { Planning, Want } from './planning.ts'
import type { Wants } from './want-all.ts'
import { assertNotTooMany, attributeIssues, feedingIssues, toldAttributes } from './want-attributes.ts'
import { type LabelledPart, labelIssues, labelledParts } from './want-labels.ts'

export interface BesidePlan {
  /** As they are to be, by their names; without others that stay. */
  readonly labels: ReadonlyMap<string, LabelEntry>
  readonly attributes: ReadonlyMap<string, AttributeEntry>
  /** Of entries whose notes change. */
  readonly notes: readonly { readonly part: LabelledPart; readonly id: string; readonly notes: string }[]
  /** Of all entries. */
  readonly labelled: readonly {
    readonly part: LabelledPart
    readonly id: string
    readonly labels: readonly string[]
  }[]
  /** What the workspace has and the document has not, by names. */
  readonly others: Readonly<Record<'labels' | 'attributes', readonly string[]>>
  /** Attributes that nothing keeps any more. */
  readonly goingAttributes: readonly string[]
  readonly issues: readonly Issue[]
}

export function planBeside(
  { before, present }: Planning,
  configuration: Configuration,
  wants: Wants,
  { deleteOthers }: { readonly deleteOthers: boolean },
): BesidePlan {
  const { sources } = wants.documents
  const labels = new Map(configuration.labels.map((label) => [label.name, label]))
  const attributes = toldAttributes(configuration.attributes, sources)
  const others = {
    labels: [...before.labels.keys()].filter((name) => !labels.has(name)),
    attributes: [...before.attributes.keys()].filter((name) => !attributes.has(name)),
  }
  const fed = namesOfColumns(sources)
  const existing = new Set(present.beside.attributes.map(({ name }) => name))
  const told = new Set(configuration.attributes.map(({ name }) => name))
  const going = [...existing].filter((name) => deleteOthers && !fed.has(name) && !told.has(name))
  assertNotTooMany(existing, new Set(going), new Set([...told, ...fed]))
  const fedBefore = namesOfColumns(present.documents.sources)
  const unfed = present.beside.attributes.filter(({ name }) => !fedBefore.has(name) && !told.has(name))
  return {
    labels,
    attributes,
    others,
    goingAttributes: going,
    notes: labelledParts.flatMap((part) =>
      wants[part].flatMap(({ id, before: old, after }: NotedWant) =>
        after.notes === (old?.notes ?? '') ? [] : [{ part, id, notes: after.notes }],
      ),
    ),
    labelled: labelledParts.flatMap((part) =>
      wants[part].map(({ id, after }: NotedWant) => ({ part, id, labels: after.labels })),
    ),
    issues: [
      ...labelIssues(configuration, deleteOthers ? [] : others.labels),
      ...attributeIssues(configuration.attributes),
      ...feedingIssues(wants.dataSources, sources, configuration.attributes, deleteOthers ? [] : unfed),
    ],
  }
}

type NotedWant = Pick<
  Want<{ readonly notes: string; readonly labels: readonly string[] }, unknown>,
  'id' | 'before' | 'after'
>

function namesOfColumns(sources: readonly SourceDocument[]): ReadonlySet<string> {
  return new Set(sources.flatMap(({ columns }) => columns.map(({ name }) => name)))
}
