/** The labels of a document, and those that its entries bear. */
import { suggestion } from '../../engine/rules/nearest-name.ts'
import { labelSchema } from '../labels/rules.ts'
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import type { Configuration } from './document.ts'
import { duplicates } from './match-entries.ts'

/** The lists whose entries bear labels. */
export const labelledParts = ['segments', 'connectors', 'actions'] as const
export type LabelledPart = (typeof labelledParts)[number]

/** `kept` are labels that stay beside those of the document. */
export function labelIssues(configuration: Configuration, kept: readonly string[]): readonly Issue[] {
  const { labels } = configuration
  const known = [...new Set([...labels.map(({ name }) => name), ...kept])]
  return [
    ...duplicates(['labels'], 'labels', labels),
    ...labels.flatMap((label, index) =>
      issuesOf(labelSchema.safeParse(label).error?.issues ?? [], ['labels', index]),
    ),
    ...labelledParts.flatMap((part) =>
      configuration[part].flatMap((entry, index) =>
        entry.labels.flatMap((label, at): readonly Issue[] => {
          if (known.includes(label)) return []
          const message = `There is no label "${label}". ${suggestion(label, known)}`
          return [{ path: [part, index, 'labels', at], code: 'unknown_label', message }]
        }),
      ),
    ),
  ]
}
