/** API tokens: how long they may last, and what is asked of their names. */
import type { Issue } from '../problems/rules.ts'

export const defaultTokenDays = 90
export const mostTokenDays = 366
export const mostTokens = 200

export const dayMs = 86_400_000

/** A token that outlives its purpose is a risk that nobody sees. */
export function expiryIssues(expiresAt: Date, now: Date): readonly Issue[] {
  const days = (expiresAt.getTime() - now.getTime()) / dayMs
  if (days > 0 && days <= mostTokenDays) return []
  const message = `A token expires within ${mostTokenDays} days, and not in the past.`
  return [{ path: ['expiresAt'], code: days > 0 ? 'too_big' : 'too_small', message }]
}
