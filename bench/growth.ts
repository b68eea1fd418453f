/** What grows with the records: time, memory, PostgreSQL and Temporal, for records that go well and for those that don't. */
import type { KindName } from './growth-kinds.ts'
import { type GrowthRun, growthRun } from './growth-run.ts'
import { type GrowthSummary, summaryOf } from './growth-summary.ts'

interface Options {
  readonly sizes: readonly number[]
  say(line: string): void
}

export type GrowthFigures = Readonly<Record<KindName, readonly GrowthRun[]>> & {
  readonly summary: Readonly<Record<KindName, GrowthSummary>>
}

export async function growth({ sizes, say }: Options): Promise<GrowthFigures> {
  const measure = async (kind: KindName): Promise<readonly GrowthRun[]> => {
    const runs: GrowthRun[] = []
    for (const records of sizes) runs.push(await growthRun({ kind, records, say }))
    return runs
  }
  const figures = {
    runs: await measure('runs'),
    rejected: await measure('rejected'),
    refused: await measure('refused'),
  }
  const summary = {
    runs: summaryOf(figures.runs),
    rejected: summaryOf(figures.rejected),
    refused: summaryOf(figures.refused),
  }
  return { ...figures, summary }
}
