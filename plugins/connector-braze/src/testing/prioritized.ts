/** Which of several profiles with one e-mail or phone is meant, by Braze's ordered list of words. */
import type { Profile } from './profile.ts'

export type PrioritizationWord =
  | 'identified'
  | 'unidentified'
  | 'most_recently_updated'
  | 'least_recently_updated'

/** Whether a value is such a list, of words that the endpoint knows. */
export function isPrioritization(
  order: unknown,
  known: readonly PrioritizationWord[],
): order is readonly PrioritizationWord[] {
  return (
    Array.isArray(order) &&
    order.length > 0 &&
    order.every((each) => known.includes(each)) &&
    !(order.includes('identified') && order.includes('unidentified'))
  )
}

/** `found` has the most recently updated first. Undefined when several are left at the end: then nothing is done. */
export function prioritized(
  found: readonly Profile[],
  order: readonly PrioritizationWord[],
): Profile | undefined {
  let left = found
  for (const word of order) {
    if (word === 'most_recently_updated') left = left.slice(0, 1)
    else if (word === 'least_recently_updated') left = left.slice(-1)
    else {
      const narrowed = left.filter(({ externalId }) => (externalId !== undefined) === (word === 'identified'))
      if (narrowed.length > 0) left = narrowed
    }
  }
  return left.length === 1 ? left[0] : undefined
}
