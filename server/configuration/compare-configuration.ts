/** What a document would change: told without its secrets, and without a look at its data sources. */
import type { Context } from '../context.ts'
import { seenText } from '../versions/seen.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import type { PartChange } from './changes.ts'
import { type Other, planConfiguration } from './plan.ts'
import type { Variable } from './want-account.ts'

export interface CompareConfiguration {
  readonly workspaceId: string
  readonly configuration?: unknown
  readonly deleteOthers: boolean
}

export interface ConfigurationComparison {
  readonly changes: readonly PartChange[]
  readonly others: readonly Other[]
  readonly variables: readonly Variable[]
  readonly fingerprint: string
}

/** Asks for the right to edit: it tells whether settings and conditions are good, as an edit does. */
export async function compareConfiguration(
  context: Context,
  input: CompareConfiguration,
): Promise<ConfigurationComparison> {
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'edit')
  const { changes, others, present, variables } = await planConfiguration(
    context,
    workspaceId,
    input.configuration,
    { deleteOthers: input.deleteOthers, secrets: undefined },
  )
  return { changes, others, variables: once(variables), fingerprint: seenText(present.seen) }
}

/** One variable may be named several times: then it has a value only where all of them have. */
function once(variables: readonly Variable[]): readonly Variable[] {
  const found = new Map<string, boolean>()
  for (const { name, isSet } of variables) found.set(name, (found.get(name) ?? true) && isSet)
  return [...found].map(([name, isSet]) => ({ name, isSet })).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
