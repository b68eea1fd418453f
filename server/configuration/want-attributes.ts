/** The attributes that a document tells of, beside those that columns bring: all that feed one agree on its type. */
import { isDeepStrictEqual } from 'node:util'
import type { SourceDocument } from '../../engine/documents.ts'
import { typeNames } from '../../engine/rules/type-names.ts'
import {
  attributeNameSchema,
  attributeNotesSchema,
  mostAttributes,
  TooManyAttributes,
} from '../attributes/rules.ts'
import { typeIssue } from '../attributes/take-attributes.ts'
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import type { AttributeEntry, DataSourceEntry } from './document.ts'
import { duplicates } from './match-entries.ts'
import { issuesAt, type Want } from './planning.ts'

export function attributeIssues(told: readonly AttributeEntry[]): readonly Issue[] {
  return [
    ...duplicates(['attributes'], 'attributes', told),
    ...told.flatMap(({ name, notes }, index) => [
      ...issuesOf(attributeNameSchema.safeParse(name).error?.issues ?? [], ['attributes', index, 'name']),
      ...issuesOf(attributeNotesSchema.safeParse(notes).error?.issues ?? [], ['attributes', index, 'notes']),
    ]),
  ]
}

/** What feeds attributes when all is as wanted. */
export function feedingIssues(
  wants: readonly Want<DataSourceEntry, SourceDocument>[],
  sources: readonly SourceDocument[],
  told: readonly AttributeEntry[],
  /** Attributes that stay and that nothing has fed. */
  unfed: readonly AttributeEntry[],
): readonly Issue[] {
  const feeders = new Map<string, Feeder[]>()
  for (const { name, columns } of sources) {
    for (const column of columns) {
      feeders.set(column.name, [...(feeders.get(column.name) ?? []), { name, type: column.type }])
    }
  }
  const unfedTypes = new Map(unfed.map(({ name, type }) => [name, type]))
  const inSources = wants.filter(isOtherwise).flatMap(({ after, document, index }) =>
    (document?.columns ?? []).flatMap((column) => {
      const others = (feeders.get(column.name) ?? []).filter(({ type }) => type !== column.type)
      const type = others[0]?.type ?? unfedTypes.get(column.name)
      if (type === undefined || type === column.type) return []
      const differing = { column, type, others: others.map(({ name }) => name) }
      return issuesAt('dataSources', index, [typeIssue({ given: after.attributes }, differing)])
    }),
  )
  const inAttributes = told.flatMap(({ name, type }, index): readonly Issue[] => {
    const feeder = feeders.get(name)?.find((each) => each.type !== type)
    if (feeder === undefined) return []
    const message = `The data source "${feeder.name}" feeds the attribute "${name}", which is ${typeNames[feeder.type]} there. Write the type ${feeder.type}.`
    return [{ path: ['attributes', index, 'type'], code: 'attribute_type', message }]
  })
  return [...inSources, ...inAttributes]
}

interface Feeder {
  readonly name: string
  readonly type: AttributeEntry['type']
}

/** The columns of others have fed their attributes before. */
function isOtherwise({ before, after }: Want<DataSourceEntry, SourceDocument>): boolean {
  return !isDeepStrictEqual(before, after)
}

/** Those that have to be told of: columns bring the others. */
export function toldAttributes(
  told: readonly AttributeEntry[],
  sources: readonly SourceDocument[],
): ReadonlyMap<string, AttributeEntry> {
  const fed = new Set(sources.flatMap(({ columns }) => columns.map(({ name }) => name)))
  return new Map(
    told.filter(({ name, notes }) => notes !== '' || !fed.has(name)).map((entry) => [entry.name, entry]),
  )
}

/** Fails where there would be too many, and more than there are. */
export function assertNotTooMany(
  present: ReadonlySet<string>,
  going: ReadonlySet<string>,
  wanted: ReadonlySet<string>,
): void {
  const added = [...wanted].filter((name) => !present.has(name)).length
  const total = [...present].filter((name) => !going.has(name)).length
  if (added > 0 && total + added > mostAttributes) throw new TooManyAttributes(total, added)
}
