/** Follows what all active actions do, from the API: totals, and whether everything has been delivered. */
import { terms } from '../../engine/delivering/outcome.ts'
import { demoName } from './demo-workspace.ts'
import type { GraphqlClient } from './graphql-client.ts'

export const countNames = [...terms, 'waiting'] as const
export type Counts = Readonly<Record<(typeof countNames)[number], number>>

export interface Watched {
  readonly counts: Counts
  /** Records that the simulated vendors took, by our counts: those of the demo's actions, by the type of connector. */
  readonly demoTaken: Readonly<Record<string, number>>
  /** Every source was polled since the given time, every lane is at its end, nothing waits. */
  readonly isDone: boolean
  readonly sourceErrors: readonly { readonly name: string; readonly code: string }[]
  readonly paused: readonly { readonly name: string; readonly reason: string }[]
}

interface Answer {
  readonly workspaces: readonly {
    readonly name: string
    readonly actions: readonly {
      readonly name: string
      readonly isLive: boolean
      readonly connector: { readonly type: string }
      readonly pausedAt: string | null
      readonly pauseReason: string | null
      readonly metrics: Counts & { readonly isAtSourceEnd: boolean }
      readonly dataSource: {
        readonly name: string
        readonly polledAt: string | null
        readonly errorCode: string | null
      }
    }[]
  }[]
}

const document = `query {
  workspaces {
    name
    actions {
      name
      isLive
      connector { type }
      pausedAt
      pauseReason
      metrics { ${countNames.join(' ')} isAtSourceEnd }
      dataSource { name polledAt errorCode }
    }
  }
}`

export async function watch(api: GraphqlClient, since: number): Promise<Watched> {
  const { workspaces } = await api<Answer>(document)
  const actions = workspaces.flatMap(({ actions, name: workspace }) =>
    actions.filter(({ isLive }) => isLive).map((action) => ({ ...action, workspace })),
  )
  const ofDemo = actions.filter(({ workspace }) => workspace === demoName)
  const counts = Object.fromEntries(
    countNames.map((name) => [name, actions.reduce((sum, { metrics }) => sum + metrics[name], 0)]),
  ) as Counts
  const isPolled = (polledAt: string | null) => polledAt !== null && Date.parse(polledAt) >= since
  return {
    counts,
    demoTaken: takenByType(ofDemo),
    isDone: actions.every(
      ({ dataSource, metrics }) =>
        isPolled(dataSource.polledAt) && metrics.isAtSourceEnd && metrics.waiting === 0,
    ),
    sourceErrors: actions.flatMap(({ dataSource: { name, errorCode } }) =>
      errorCode === null ? [] : [{ name, code: errorCode }],
    ),
    paused: actions.flatMap(({ name, pausedAt, pauseReason }) =>
      pausedAt === null ? [] : [{ name, reason: pauseReason ?? 'command' }],
    ),
  }
}

function takenByType(
  actions: readonly Pick<Answer['workspaces'][number]['actions'][number], 'connector' | 'metrics'>[],
): Readonly<Record<string, number>> {
  const taken: Record<string, number> = {}
  for (const { connector, metrics } of actions) {
    taken[connector.type] = (taken[connector.type] ?? 0) + metrics.delivered + metrics.warned
  }
  return taken
}

/** What was counted since a baseline. What waited then is this run's to deliver. */
export function since(counts: Counts, baseline: Counts): Counts {
  const run = Object.fromEntries(countNames.map((name) => [name, counts[name] - baseline[name]])) as Counts
  return { ...run, matched: run.matched + baseline.waiting, waiting: counts.waiting }
}

/** matched = delivered + … + waiting, term by term. */
export function equationHolds({ matched, ...others }: Counts): boolean {
  return matched === Object.values(others).reduce((sum, count) => sum + count, 0)
}
