/** What an export is asked for: the parameters of its address, read strictly, with all problems at once. */
import { z } from 'zod'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import { globalId } from '../graphql/global-id.ts'
import { rangeSchema } from '../metrics/range-schema.ts'
import { type Grain, grains, namedRanges, rangeIssues, type TimeRange } from '../metrics/ranges.ts'
import { issuesOf } from '../problems/issues.ts'
import { InvalidInput, type Issue } from '../problems/rules.ts'

/** Whose figures are wanted. */
export const scopes = ['workspace', 'connector', 'action'] as const
export type ScopeName = (typeof scopes)[number]

export interface ExportRequest {
  readonly scope: { readonly name: ScopeName; readonly id: string }
  readonly range: TimeRange
  readonly grain: Grain
}

interface Accepted {
  readonly scopes: readonly ScopeName[]
  readonly takesGrain: boolean
}

const instant = z.iso
  .datetime({ offset: true, error: 'This is a time with a zone, for example 2026-01-31T12:00:00Z.' })
  .transform((text) => new Date(text))

const rangeFields = z
  .object({
    range: z.enum([...namedRanges, 'CUSTOM']).optional(),
    from: instant.optional(),
    to: instant.optional(),
  })
  .transform(({ from, range: name, to }): z.input<typeof rangeSchema> => ({ name, from, to }))
  .pipe(rangeSchema)

const scopeFields = z.object({
  workspace: globalId('Workspace').optional(),
  connector: globalId('Connector').optional(),
  action: globalId('Action').optional(),
})

const grainField = z.object({ grain: z.enum(grains).default('HOUR') })

export function readRequest(query: URLSearchParams, accepted: Accepted, now: Date): ExportRequest {
  const given = Object.fromEntries(query)
  const range = rangeFields.safeParse(given)
  const scope = scopeFields.safeParse(given)
  const grain = grainField.safeParse(accepted.takesGrain ? given : {})
  const issues = [
    ...nameIssues(query, accepted),
    ...scopeIssues(query, accepted),
    ...[range, scope, grain].flatMap(({ error }) => issuesOf(error?.issues ?? [])),
    ...(range.success ? rangeIssues(range.data, now).map((issue) => ({ ...issue, path: ['from'] })) : []),
  ]
  const [[name, id] = []] = Object.entries(scope.data ?? {})
  const scopeName = scopes.find((each) => each === name)
  if (!range.success || !grain.success || scopeName === undefined || id === undefined || issues.length > 0) {
    throw new InvalidInput(issues)
  }
  return { scope: { name: scopeName, id }, range: range.data, grain: grain.data.grain }
}

/** A misspelt parameter must not be taken for one that was left out. */
function nameIssues(query: URLSearchParams, { scopes, takesGrain }: Accepted): readonly Issue[] {
  const known = [...scopes, 'range', 'from', 'to', ...(takesGrain ? ['grain'] : [])]
  return [...new Set(query.keys())].flatMap((name): readonly Issue[] => {
    if (!known.includes(name)) {
      const message = `There is no parameter "${name}". ${suggestion(name, known)}`
      return [{ path: [name], code: 'unrecognized_keys', message }]
    }
    if (query.getAll(name).length === 1) return []
    return [{ path: [name], code: 'not_applicable', message: `Give "${name}" once.` }]
  })
}

function scopeIssues(query: URLSearchParams, { scopes }: Accepted): readonly Issue[] {
  const given = scopes.filter((name) => query.has(name))
  if (given.length === 1) return []
  const message = `Say of what: give one of ${scopes.join(', ')}, with its id.`
  return [{ path: [], code: given.length === 0 ? 'required' : 'not_applicable', message }]
}
