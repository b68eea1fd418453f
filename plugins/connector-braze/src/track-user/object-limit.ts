/** How many objects Braze takes in one request: all together, or, by older contracts, of each kind. */
import type { PublicSettings } from '@sluice/connector-sdk'
import { attributesObject } from './attributes-object.ts'
import type { TrackUser } from './parameters.ts'

const mostObjects = 75
const kinds = 3

export interface ObjectLimit {
  readonly together: number
  readonly ofEachKind: number
}

export function objectLimitOf({ objectLimit }: PublicSettings): ObjectLimit {
  return objectLimit === 'each'
    ? { together: kinds * mostObjects, ofEachKind: mostObjects }
    : { together: mostObjects, ofEachKind: mostObjects }
}

/** The limit in the units of `weightOf`. Where all count together, no kind can pass its own limit. */
export function weightsOf(settings: PublicSettings): Readonly<Record<string, number>> {
  const { together, ofEachKind } = objectLimitOf(settings)
  return together === ofEachKind
    ? { objects: together }
    : { attributes: ofEachKind, events: ofEachKind, purchases: ofEachKind }
}

/** What most payloads weigh: one for all of them. */
const attributesOnly = { objects: 1, attributes: 1, events: 0, purchases: 0, users: 1 }

/** The objects that a payload becomes, by kind and together. */
export function weightOf(payload: TrackUser): Readonly<Record<string, number>> {
  const events = payload.events?.length ?? 0
  const purchases = payload.purchases?.length ?? 0
  if (events + purchases === 0) return attributesOnly
  const attributes = attributesObject(payload) === undefined ? 0 : 1
  return { objects: attributes + events + purchases, attributes, events, purchases, users: 1 }
}
