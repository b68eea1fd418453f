/** GET /campaigns/list and /canvas/list: pages of 100 by what the simulator was told. */
import type { MessageState } from './outbox.ts'
import type { Outcome } from './outcome.ts'

const pageLength = 100

export interface MessageListDeps {
  readonly field: 'campaigns' | 'canvases'
  /** The campaigns or Canvases by id, the oldest first. */
  readonly states: Readonly<Record<string, MessageState>>
}

/** The names are made of the ids: nothing else is known of them. */
export function createMessageList({ field, states }: MessageListDeps) {
  return function messageList(query: URLSearchParams): Outcome {
    const isWanted = (state: MessageState) => state !== 'archived' || query.get('include_archived') === 'true'
    const ids = Object.entries(states).flatMap(([id, state]) => (isWanted(state) ? [id] : []))
    if (query.get('sort_direction') === 'desc') ids.reverse()
    const from = Number(query.get('page') ?? 0) * pageLength
    const page = ids.slice(from, from + pageLength).map((id) => ({ id, name: `Message ${id}`, tags: [] }))
    return { status: 200, body: { message: 'success', [field]: page }, objects: 0 }
  }
}
