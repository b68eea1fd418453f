/** What the vendor has seen of a run: which versions came in which request, and which took effect, in order. */
import type { BrazeSimulator } from '@sluice/connector-braze/testing'
import { type LaneName, laneNames } from './scene.ts'

/** One item, as it was sent. */
export interface SentItem {
  readonly person: string
  readonly v: number
}

export interface Arrival {
  readonly sequence: number
  readonly lane: LaneName
  readonly at: number
  readonly endedAt: number
  /** Undefined when there was no answer. */
  readonly status: number | undefined
  readonly items: readonly SentItem[]
}

export interface Effect {
  /** Of the request. */
  readonly sequence: number
  readonly lane: LaneName
  readonly arrivedAt: number
  readonly appliedAt: number
  readonly items: readonly SentItem[]
}

export interface Evidence {
  /** In the order of arrival. */
  readonly arrivals: readonly Arrival[]
  /** In the order of taking effect. */
  readonly effects: readonly Effect[]
}

type Objects = readonly Readonly<Record<string, unknown>>[]
interface Body {
  readonly attributes?: Objects
  readonly events?: Objects
}

export function evidenceOf({ log, applications }: BrazeSimulator): Evidence {
  const arrivals = log.map(({ sequence, at, endedAt, status, body }) => ({
    sequence,
    at,
    endedAt,
    status,
    ...itemsOf(body as Body),
  }))
  return {
    arrivals: arrivals.sort((a, b) => a.sequence - b.sequence),
    effects: applications.map(({ sequence, arrivedAt, appliedAt, ...taken }) => ({
      sequence,
      arrivedAt,
      appliedAt,
      ...itemsOf(taken),
    })),
  }
}

function itemsOf(body: Body): { readonly lane: LaneName; readonly items: readonly SentItem[] } {
  const lane = laneNames.find((name) => (body[name]?.length ?? 0) > 0) ?? 'attributes'
  const items = (body[lane] ?? []).map((object) => ({
    person: String(object['external_id']),
    v: Number(lane === 'events' ? (object['properties'] as { v: unknown }).v : object['v']),
  }))
  return { lane, items }
}
