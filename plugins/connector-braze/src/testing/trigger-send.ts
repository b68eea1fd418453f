/** POST /campaigns/trigger/send and /canvas/trigger/send: messages to recipients, or to everyone. */
import { isJsonObject, type JsonObject } from './json-object.ts'
import type { MessageState, Outbox } from './outbox.ts'
import { failure, type Outcome } from './outcome.ts'
import type { Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'
import { problemOfRecipient, reach } from './recipients.ts'

const maxRecipients = 50

/** How the two endpoints differ. */
const names = {
  campaign: { idName: 'campaign_id', propertiesName: 'trigger_properties', unknown: 'Invalid Campaign ID' },
  canvas: { idName: 'canvas_id', propertiesName: 'context', unknown: 'Invalid Canvas ID' },
} as const

const notices = {
  campaign: {
    paused: 'The campaign is paused. Resume the campaign in order for trigger requests to take effect.',
    archived:
      'The campaign is archived. Unarchive the campaign in order for trigger requests to take effect.',
  },
  canvas: {
    paused: 'The Canvas is paused. Resume the Canvas to ensure trigger requests will take effect.',
    archived: 'The Canvas is archived. Unarchive the Canvas to ensure trigger requests will take effect.',
  },
} as const

export interface TriggerSendDeps {
  readonly kind: 'campaign' | 'canvas'
  readonly store: ProfileStore
  readonly outbox: Outbox
  /** The campaigns or Canvases by id. */
  readonly states: Readonly<Record<string, MessageState>>
}

export function createTriggerSend({ kind, store, outbox, states }: TriggerSendDeps) {
  const { idName, propertiesName, unknown } = names[kind]

  return function triggerSend(body: JsonObject): Outcome {
    const { broadcast = false, recipients } = body
    const id = String(body[idName])
    const state = Object.hasOwn(states, id) ? states[id] : undefined
    if (state === undefined) return failure(400, unknown)
    if (broadcast === true && recipients !== undefined) {
      return failure(400, "'broadcast' can not be true when 'recipients' is given")
    }
    const list: readonly unknown[] = Array.isArray(recipients) ? recipients : []
    if (broadcast !== true && list.length === 0) return failure(400, 'No Recipients')
    if (list.length > maxRecipients) {
      return failure(400, 'The max number of external_ids and aliases per request was exceeded')
    }
    for (const recipient of list) {
      const problem = problemOfRecipient(recipient)
      if (problem !== undefined) return failure(400, problem)
    }
    const dispatchId = outbox.nextDispatchId()
    const answer = { dispatch_id: dispatchId, message: 'success' }
    if (state !== 'active') {
      return { status: 201, body: { ...answer, notice: notices[kind][state] }, objects: 0 }
    }
    return {
      status: 201,
      body: answer,
      objects: 0,
      store() {
        const shared = propertiesOf(body)
        for (const [profile, own] of broadcast === true ? everyone() : reached(list.filter(isJsonObject))) {
          outbox.send({ kind, id, profile, properties: { ...shared, ...own }, dispatchId })
        }
      },
    }
  }

  /** Each profile once, with the properties of the last recipient that it is. */
  function reached(recipients: readonly JsonObject[]): ReadonlyMap<Profile, JsonObject> {
    const all = new Map<Profile, JsonObject>()
    for (const recipient of recipients) {
      const profile = reach(store, recipient)
      if (profile !== undefined) all.set(profile, propertiesOf(recipient))
    }
    return all
  }

  function everyone(): ReadonlyMap<Profile, JsonObject> {
    return new Map([...store.all()].map((profile) => [profile, {}]))
  }

  function propertiesOf(object: JsonObject): JsonObject {
    const properties = object[propertiesName]
    return isJsonObject(properties) ? properties : {}
  }
}
