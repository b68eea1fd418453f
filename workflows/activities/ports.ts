/** What the activities need from the outside: implemented by the worker, faked in workflow tests. */

/** Ids and times only: whatever stands here is kept in Temporal's history. */
export type PollResult =
  /** Some time has passed, with or without news: poll again. */
  | { readonly kind: 'polled' }
  /** Nothing is due before that: poll again then, or when woken. */
  | { readonly kind: 'scheduled'; readonly dueInMs: number }
  /** No lane needs this source any more. */
  | { readonly kind: 'stop' }

export type PlanResult =
  | { readonly kind: 'deliver'; readonly deliveryId: string }
  /** Something moved: plan once more. */
  | { readonly kind: 'again' }
  /** Nothing is due. */
  | { readonly kind: 'idle' }

export type PassResult =
  /** Null: until it is woken, since all that is left waits behind another delivery. */
  | { readonly kind: 'waiting'; readonly dueInMs: number | null }
  | { readonly kind: 'paused' }
  /** Nothing is left to do for this workflow. */
  | { readonly kind: 'over' }

export interface Ports {
  pollSource(dataSourceId: string, signal: AbortSignal): Promise<PollResult>
  planDelivery(laneId: string): Promise<PlanResult>
  sendPass(deliveryId: string, signal: AbortSignal): Promise<PassResult>
}
