/** What the API tells of an action when everything is over: its totals, its deliveries, its dead letters. */
import { outcomes } from '../../server/deliveries/rules.ts'
import type { ApiClient } from '../harness/api-client.ts'

const terms = ['matched', ...outcomes, 'waiting', 'retries'] as const

export type Term = (typeof terms)[number]
export type Terms = Readonly<Record<Term, number>>

export interface ToldDelivery extends Terms {
  readonly sequence: number
  readonly state: string
  readonly errorCode: string | null
}

export interface Trend {
  readonly grain: string
  readonly points: readonly Omit<Terms, 'waiting'>[]
}

export interface ToldCounts {
  readonly isAtSourceEnd: boolean
  readonly totals: Terms
  /** By the minute, the hour and the day. */
  readonly trends: readonly Trend[]
  readonly deliveries: readonly ToldDelivery[]
  readonly deadLetters: readonly { readonly outcome: string; readonly count: number }[]
}

const counted = terms.join(' ')
const grains = ['MINUTE', 'HOUR', 'DAY'] as const
const points = `grain points { ${terms.filter((term) => term !== 'waiting').join(' ')} }`
const document = `query ($id: ID!, $from: DateTime!, $deliveries: String, $letters: String) {
  action(id: $id) {
    metrics { isAtSourceEnd ${counted} }
    ${grains.map((grain) => `${grain}: trend(range: { from: $from }, by: ${grain}) { ${points} }`).join(' ')}
    deliveries(first: 100, after: $deliveries) {
      pageInfo { hasNextPage endCursor }
      edges { node { sequence state errorCode ${counted} } }
    }
    deadLetters(first: 100, after: $letters) {
      pageInfo { hasNextPage endCursor }
      edges { node { outcome count } }
    }
  }
}`

const hourMs = 3_600_000

export async function readCounts(api: ApiClient, actionId: string): Promise<ToldCounts> {
  const from = new Date(Date.now() - 2 * hourMs).toISOString()
  const deliveries: ToldDelivery[] = []
  const deadLetters: ToldCounts['deadLetters'][number][] = []
  let after: { deliveries?: string; letters?: string } = {}
  for (;;) {
    const { action } = await api.data(document, { id: actionId, from, ...after })
    const { isAtSourceEnd, ...totals } = action.metrics
    // Past the end of one of the two lists, its page is empty.
    deliveries.push(...nodesOf<ToldDelivery>(action.deliveries))
    deadLetters.push(...nodesOf<ToldCounts['deadLetters'][number]>(action.deadLetters))
    if (!action.deliveries.pageInfo.hasNextPage && !action.deadLetters.pageInfo.hasNextPage) {
      const trends = grains.map((grain) => action[grain])
      return { isAtSourceEnd, totals, trends, deliveries, deadLetters }
    }
    after = {
      deliveries: action.deliveries.pageInfo.endCursor ?? after.deliveries,
      letters: action.deadLetters.pageInfo.endCursor ?? after.letters,
    }
  }
}

function nodesOf<Node>(connection: { readonly edges: readonly { readonly node: Node }[] }): readonly Node[] {
  return connection.edges.map(({ node }) => node)
}
