/** How many connectors of each type workspaces have, for many types in one statement. */
import { coveredIds } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { present } from '../workspaces/present.ts'

export interface CountKey {
  readonly workspaceId: string
  readonly type: string
}

/** One name for each pair. */
export const keyText = ({ type, workspaceId }: CountKey) => `${workspaceId}/${type}`

/** Of a workspace that is not covered none are seen. */
export async function countConnectors(
  keys: readonly CountKey[],
  { access, db }: Context,
): Promise<readonly number[]> {
  const named = { workspaceId: { in: [...new Set(keys.map(({ workspaceId }) => workspaceId))] } }
  const covered = { workspaceId: coveredIds(access) }
  const type = { in: [...new Set(keys.map((key) => key.type))] }
  const groups = await db.connector.groupBy({
    by: ['workspaceId', 'type'],
    where: { AND: [named, covered], type, ...present },
    _count: true,
  })
  const counts = new Map(groups.map(({ _count, ...key }) => [keyText(key), _count]))
  return keys.map((key) => counts.get(keyText(key)) ?? 0)
}
