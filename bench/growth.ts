/** What grows with the records: time, memory, PostgreSQL and Temporal, for records that go well and for those that don't. */
import type { KindName } from './growth-kinds.ts'
import { type GrowthRun, growthRuns } from './growth-runs.ts'
import { type GrowthSummary, summaryOf } from './growth-summary.ts'

interface Options {
  readonly sizes: readonly number[]
  say(line: string): void
}

export type GrowthFigures = Readonly<Record<KindName, readonly GrowthRun[]>> & {
  readonly summary: Readonly<Record<KindName, GrowthSummary>>
}

export async function growth({ sizes, say }: Options): Promise<GrowthFigures> {
  const figures = {
    runs: await growthRuns({ kind: 'runs', sizes, say }),
    rejected: await growthRuns({ kind: 'rejected', sizes, say }),
    refused: await growthRuns({ kind: 'refused', sizes, say }),
  }
  const summary = {
    runs: summaryOf(figures.runs),
    rejected: summaryOf(figures.rejected),
    refused: summaryOf(figures.refused),
  }
  return { ...figures, summary }
}
