/** The messages that the simulated workspace has sent, in their order. */
import type { JsonObject } from './json-object.ts'
import { brazeIdOf, type Profile } from './profile.ts'

export type MessageKind = 'campaign' | 'canvas' | 'transactional'

/** Only an active campaign or Canvas sends. */
export type MessageState = 'active' | 'paused' | 'archived'

export interface SentMessage {
  readonly kind: MessageKind
  /** Of the campaign or Canvas. */
  readonly id: string
  readonly brazeId: string
  readonly externalId: string | undefined
  /** Trigger properties or context, those of the recipient before those of all. */
  readonly properties: JsonObject
  readonly dispatchId: string
}

export interface NewMessage extends Pick<SentMessage, 'kind' | 'id' | 'properties' | 'dispatchId'> {
  readonly profile: Profile
}

export interface Outbox {
  readonly sent: readonly SentMessage[]
  nextDispatchId(): string
  send(message: NewMessage): void
}

export function createOutbox(): Outbox {
  const sent: SentMessage[] = []
  let dispatches = 0
  return {
    sent,
    nextDispatchId() {
      dispatches += 1
      return dispatches.toString(16).padStart(32, '0')
    },
    send({ profile, ...message }) {
      sent.push({ ...message, brazeId: brazeIdOf(profile), externalId: profile.externalId })
    },
  }
}
