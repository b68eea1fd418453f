/** Why Braze refuses the subscription groups of an object. */
import { isJsonObject } from './json-object.ts'
import { codeOnly, type Problem } from './problem.ts'

const problems = {
  list: codeOnly('BAD_SUBSCRIPTION_GROUP_ARRAY'),
  entry: codeOnly('BAD_SUBSCRIPTION_GROUP_HASH'),
  id: codeOnly('BAD_SUBSCRIPTION_GROUP_ID'),
  state: codeOnly('BAD_SUBSCRIPTION_GROUP_STATE'),
} as const satisfies Record<string, Problem>

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function problemOfSubscriptionGroups(groups: unknown): Problem | undefined {
  if (!Array.isArray(groups)) return problems.list
  for (const group of groups as readonly unknown[]) {
    const problem = problemOf(group)
    if (problem !== undefined) return problem
  }
  return undefined
}

function problemOf(group: unknown): Problem | undefined {
  if (!isJsonObject(group)) return problems.entry
  const { subscription_group_id: id, subscription_state: state } = group
  if (id === undefined || state === undefined) return problems.entry
  if (typeof id !== 'string' || !uuidForm.test(id)) return problems.id
  return state === 'subscribed' || state === 'unsubscribed' ? undefined : problems.state
}
