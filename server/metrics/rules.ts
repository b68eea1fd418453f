/** The counts of an action, or of all actions of a connector or workspace, and whether they have caught up. */
import { type EquationCounts, waitingOf } from '../deliveries/rules.ts'

export type LaneCounts = EquationCounts & { readonly retries: bigint; readonly requests: bigint }
export type Counts = LaneCounts & { readonly waiting: bigint }

export interface ActionMetrics extends Counts {
  readonly isAtSourceEnd: boolean
  readonly updatedAt: Date
}

/** Of a connector or a workspace. The counts are of all its actions; the numbers of actions of those that run. */
export interface SummaryMetrics extends Counts {
  readonly workspaceId: string
  readonly actions: number
  readonly pausedActions: number
  readonly actionsAtSourceEnd: number
  readonly updatedAt: Date
}

/** When counts were read is no news by itself. */
export function isSameReading<Reading extends { readonly updatedAt: Date }>(a: Reading, b: Reading): boolean {
  const names = Object.keys(a) as (keyof Reading)[]
  return names.every((name) => name === 'updatedAt' || a[name] === b[name])
}

/** All of them zero. */
export const noCounts: LaneCounts = sumOf([])

export function totalOf(lanes: readonly LaneCounts[]): Counts {
  const total = sumOf(lanes)
  return { ...total, waiting: waitingOf(total) }
}

export function sumOf(each: readonly LaneCounts[]): LaneCounts {
  const sum = (name: keyof LaneCounts) => each.reduce((total, counts) => total + counts[name], 0n)
  return {
    matched: sum('matched'),
    delivered: sum('delivered'),
    warned: sum('warned'),
    saved: sum('saved'),
    rejected: sum('rejected'),
    refused: sum('refused'),
    exhausted: sum('exhausted'),
    unknown: sum('unknown'),
    superseded: sum('superseded'),
    gone: sum('gone'),
    cancelled: sum('cancelled'),
    retries: sum('retries'),
    requests: sum('requests'),
  }
}

/** A lane's place and its source's end, both opened: arrays of texts as JSON, null is the beginning or nothing. */
export interface LaneProgress {
  readonly position: readonly string[] | null
  readonly bound: readonly string[] | null
  readonly isPolled: boolean
  readonly hasOpenDelivery: boolean
}

/** Everything up to the announced bound was planned, and every planned delivery has had its first pass. */
export function isAtEnd({ position, bound, isPolled, hasOpenDelivery }: LaneProgress): boolean {
  return isPolled && !hasOpenDelivery && JSON.stringify(position) === JSON.stringify(bound)
}
