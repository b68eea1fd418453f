/** POST /transactional/v1/campaigns/{id}/send: one e-mail, once within a day for each `external_send_id`. */
import { isJsonObject, type JsonObject } from './json-object.ts'
import type { MessageState, Outbox } from './outbox.ts'
import { failure, type Outcome } from './outcome.ts'
import type { ProfileStore } from './profile-store.ts'
import { problemOfRecipient, reach } from './recipients.ts'

const rememberMs = 24 * 3_600_000

const refusals = {
  paused: 'The campaign is paused. Resume the campaign in order for trigger requests to take effect.',
  archived: 'The campaign is archived. Unarchive the campaign in order for trigger requests to take effect.',
} as const
const notTransactional =
  'The campaign is not a transactional campaign. Only transactional campaigns may use this endpoint'

export interface TransactionalSendDeps {
  readonly store: ProfileStore
  readonly outbox: Outbox
  /** The transactional campaigns by id. */
  readonly states: Readonly<Record<string, MessageState>>
  /** The other campaigns by id. */
  readonly others: Readonly<Record<string, MessageState>>
  readonly now: () => number
}

export function createTransactionalSend({ store, outbox, states, others, now }: TransactionalSendDeps) {
  const dispatches = new Map<string, { readonly dispatchId: string; readonly at: number }>()

  return function transactionalSend(body: JsonObject, id: string): Outcome {
    const state = Object.hasOwn(states, id) ? states[id] : undefined
    if (state === undefined) {
      return failure(400, Object.hasOwn(others, id) ? notTransactional : 'Campaign does not exist')
    }
    if (state !== 'active') return failure(400, refusals[state])
    const { external_send_id: sendId, recipient, trigger_properties: properties } = body
    const problem = problemOf(recipient, sendId)
    if (problem !== undefined) return failure(400, problem)

    const key = sendId === undefined ? undefined : JSON.stringify([id, sendId])
    const dispatchId = remembered(key) ?? outbox.nextDispatchId()
    return {
      status: 201,
      body: {
        dispatch_id: dispatchId,
        status: 'sent',
        metadata: { campaign_api_id: id, ...(sendId === undefined ? {} : { external_send_id: sendId }) },
      },
      objects: 0,
      store() {
        if (remembered(key) !== undefined) return
        if (key !== undefined) dispatches.set(key, { dispatchId, at: now() })
        const profile = reach(store, mayCreate(recipient as JsonObject))
        if (profile === undefined) return
        const given = isJsonObject(properties) ? properties : {}
        outbox.send({ kind: 'transactional', id, profile, properties: given, dispatchId })
      },
    }
  }

  function remembered(key: string | undefined): string | undefined {
    const dispatch = key === undefined ? undefined : dispatches.get(key)
    return dispatch !== undefined && now() < dispatch.at + rememberMs ? dispatch.dispatchId : undefined
  }
}

function problemOf(recipient: unknown, sendId: unknown): string | undefined {
  if (sendId !== undefined && !(typeof sendId === 'string' && /^[a-zA-Z0-9\-_+/=]+$/.test(sendId))) {
    return "'external_send_id' is not valid"
  }
  if (isJsonObject(recipient) && (recipient['email'] !== undefined || recipient['braze_id'] !== undefined)) {
    return "'recipient' must have an 'external_user_id' or a 'user_alias'"
  }
  return problemOfRecipient(recipient)
}

/** A user with attributes is made where Braze does not know it. */
function mayCreate(recipient: JsonObject): JsonObject {
  const { attributes } = recipient
  return isJsonObject(attributes) && Object.keys(attributes).length > 0
    ? { ...recipient, send_to_existing_only: false }
    : recipient
}
