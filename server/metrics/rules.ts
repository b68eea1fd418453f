/** The counts of an action, or of all actions of a workspace, and whether they have caught up with their sources. */

import { type EquationCounts, waitingOf } from '../deliveries/rules.ts'
import type { Issue } from '../problems/rules.ts'

export type LaneCounts = EquationCounts & { readonly retries: bigint; readonly requests: bigint }
export type Counts = LaneCounts & { readonly waiting: bigint }

export interface ActionMetrics extends Counts {
  readonly isAtSourceEnd: boolean
  readonly updatedAt: Date
}

/** The counts are of all its actions; the numbers of actions are of those that its live version runs. */
export interface WorkspaceMetrics extends Counts {
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

export function totalOf(lanes: readonly LaneCounts[]): Counts {
  const sum = (name: keyof LaneCounts) => lanes.reduce((total, lane) => total + lane[name], 0n)
  const total: LaneCounts = {
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
  return { ...total, waiting: waitingOf(total) }
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

const mostMinutes = 7 * 24 * 60

/** A trend is answered for at most a week of minutes. */
export function trendIssues({ from, to }: { readonly from: Date; readonly to: Date }): readonly Issue[] {
  const minutes = (to.getTime() - from.getTime()) / 60_000
  if (minutes <= 0) {
    return [
      { path: ['to'], code: 'period_empty', message: 'The period ends before it begins. Give a later end.' },
    ]
  }
  if (minutes <= mostMinutes) return []
  return [
    {
      path: ['to'],
      code: 'period_too_long',
      message: 'The period is longer than a week. Ask for a week at a time.',
    },
  ]
}
