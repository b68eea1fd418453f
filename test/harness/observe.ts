/** What an action has done, as the API tells it; every look checks that the numbers add up. */
import { outcomes } from '../../server/deliveries/rules.ts'
import type { ApiClient } from './api-client.ts'
import { until } from './until.ts'

export type Counts = Readonly<
  Record<(typeof outcomes)[number] | 'matched' | 'waiting' | 'retries' | 'requests', number>
>

export interface ObservedDelivery extends Omit<Counts, 'requests'> {
  readonly id: string
  readonly sequence: number
  readonly versionNumber: number
  readonly state: string
  readonly isFirstPassDone: boolean
  readonly errorCode: string | null
  readonly waitingUntil: string | null
}

export interface ObservedDeadLetter {
  readonly outcome: string
  readonly reporter: string
  readonly code: string
  readonly parameterPath: string | null
  readonly count: number
}

export interface Observed {
  readonly pausedAt: string | null
  readonly pauseReason: string | null
  readonly source: { readonly errorCode: string | null; readonly polledAt: string | null }
  readonly isAtSourceEnd: boolean
  readonly counts: Counts
  /** In the lane's order. */
  readonly deliveries: readonly ObservedDelivery[]
  readonly deadLetters: readonly ObservedDeadLetter[]
}

const terms = ['matched', ...outcomes, 'waiting', 'retries'] as const
const document = `query ($id: ID!) {
  action(id: $id) {
    pausedAt
    pauseReason
    dataSource { errorCode polledAt }
    metrics { isAtSourceEnd requests ${terms.join(' ')} }
    deliveries(first: 100) {
      edges {
        node {
          id sequence versionNumber state isFirstPassDone errorCode waitingUntil ${terms.join(' ')}
        }
      }
    }
    deadLetters(first: 100) {
      edges { node { outcome reporter code parameterPath count } }
    }
  }
}`

export async function observe(api: ApiClient, actionId: string): Promise<Observed> {
  const { action } = await api.data(document, { id: actionId })
  const { isAtSourceEnd, ...counts } = action.metrics
  const nodes = (connection: { edges: { node: never }[] }) => connection.edges.map(({ node }) => node)
  const observed: Observed = {
    pausedAt: action.pausedAt,
    pauseReason: action.pauseReason,
    source: action.dataSource,
    isAtSourceEnd,
    counts,
    deliveries: nodes(action.deliveries).reverse(),
    deadLetters: nodes(action.deadLetters),
  }
  for (const each of [observed.counts, ...observed.deliveries]) checkEquation(each)
  return observed
}

/** Fails when the equation does not hold; true at every moment, not only at the end. */
function checkEquation(counts: Omit<Counts, 'requests'>): void {
  const sum = outcomes.reduce((total, name) => total + counts[name], counts.waiting)
  if (sum !== counts.matched || counts.waiting < 0) {
    throw new Error(`The equation does not hold: ${JSON.stringify(counts)}`)
  }
}

/**
 * Waits until so many records have matched and every one has its outcome. The totals are then those of the
 * deliveries together.
 */
export async function settled(
  api: ApiClient,
  actionId: string,
  matched: number,
  withinMs?: number,
): Promise<Observed> {
  let last: Observed | undefined
  async function isSettled(): Promise<boolean> {
    last = await observe(api, actionId)
    const { counts, deliveries, isAtSourceEnd } = last
    const isOver = counts.matched >= matched && counts.waiting === 0 && isAtSourceEnd
    return isOver && deliveries.every(({ state }) => state === 'COMPLETED')
  }
  await until('everything is delivered', isSettled, withinMs).catch((cause: unknown) => {
    throw new Error(`Not everything is delivered: ${JSON.stringify(last)}`, { cause })
  })
  // One look is several reads: only now that nothing moves any more do they belong together.
  const atEnd = await observe(api, actionId)
  for (const term of terms) {
    const sum = atEnd.deliveries.reduce((total, delivery) => total + delivery[term], 0)
    if (sum !== atEnd.counts[term]) {
      throw new Error(`The lane counts ${atEnd.counts[term]} ${term}, its deliveries ${sum}.`)
    }
  }
  await checkErrors(api, actionId, atEnd.counts)
  return atEnd
}

/** Fails unless errors by class are as many as there were dead letters. */
async function checkErrors(api: ApiClient, actionId: string, counts: Counts): Promise<void> {
  const { action } = await api.data(
    `query ($id: ID!) {
      action(id: $id) { errors(first: 100) { count classes { edges { node { outcome count } } } } }
    }`,
    { id: actionId },
  )
  const classes: readonly { readonly outcome: string; readonly count: number }[] =
    action.errors.classes.edges.map(({ node }: { readonly node: never }) => node)
  for (const outcome of ['rejected', 'refused', 'exhausted', 'unknown'] as const) {
    const own = classes.filter((each) => each.outcome === outcome.toUpperCase())
    const sum = own.reduce((total, { count }) => total + count, 0)
    if (sum !== counts[outcome])
      throw new Error(`There are ${counts[outcome]} ${outcome}, but ${sum} errors.`)
  }
}
