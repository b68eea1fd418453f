/** POST /users/track: takes what is valid, and says which objects it refused. */
import { applyAttributes, applyEvent, applyPurchase } from './apply-objects.ts'
import type { JsonObject } from './json-object.ts'
import { createObjectProblems } from './object-problems.ts'
import type { ErrorStyle, ObjectLimit } from './options.ts'
import { failure, type Outcome } from './outcome.ts'
import type { Problem } from './problem.ts'
import type { ProfileStore } from './profile-store.ts'

const maxObjects = 75
const noValidData = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields."

export interface TrackDeps {
  readonly store: ProfileStore
  readonly now: () => number
  readonly errorStyle: ErrorStyle
  readonly blockedUsers: readonly string[]
  readonly objectLimit: ObjectLimit
}

export function createTrack({ store, now, errorStyle, blockedUsers, objectLimit }: TrackDeps) {
  const problems = createObjectProblems(blockedUsers)

  return function track(body: JsonObject): Outcome {
    const attributes = listOf(body['attributes'])
    const events = listOf(body['events'])
    const purchases = listOf(body['purchases'])
    if (isTooLong([attributes, events, purchases])) return failure(400, 'Max Input Length Exceeded')
    const errors: unknown[] = []
    const validAttributes = valid('attributes', attributes ?? [], problems.ofAttributes, errors)
    const validEvents = valid('events', events ?? [], problems.ofEvent, errors)
    const validPurchases = valid('purchases', purchases ?? [], problems.ofPurchase, errors)
    const objects = validAttributes.length + validEvents.length + validPurchases.length
    const told = errors.length > 0 ? { errors } : {}
    if (objects === 0) return failure(400, noValidData, told)
    return {
      status: 201,
      body: {
        message: 'success',
        ...(attributes === undefined ? {} : { attributes_processed: validAttributes.length }),
        ...(events === undefined ? {} : { events_processed: validEvents.length }),
        ...(purchases === undefined ? {} : { purchases_processed: validPurchases.length }),
        ...told,
      },
      objects,
      taken: { attributes: validAttributes, events: validEvents, purchases: validPurchases },
      store() {
        for (const object of validAttributes) applyAttributes(store, object)
        for (const object of validEvents) applyEvent(store, object, now())
        for (const object of validPurchases) applyPurchase(store, object, now())
      },
    }
  }

  function isTooLong(arrays: readonly (readonly unknown[] | undefined)[]): boolean {
    const lengths = arrays.map((array) => array?.length ?? 0)
    const counted = objectLimit === 'each' ? Math.max(...lengths) : lengths.reduce((sum, each) => sum + each)
    return counted > maxObjects
  }

  function valid(
    array: string,
    objects: readonly unknown[],
    problemOf: (object: unknown) => Problem | undefined,
    errors: unknown[],
  ): JsonObject[] {
    const taken: JsonObject[] = []
    for (const [index, object] of objects.entries()) {
      const problem = problemOf(object)
      if (problem === undefined) taken.push(object as JsonObject)
      else errors.push(entryOf(problem, array, index))
    }
    return taken
  }

  function entryOf({ code, text }: Problem, array: string, index: number): unknown {
    if (errorStyle === 'strings') return text
    return { type: errorStyle === 'codes' ? (code ?? text) : text, input_array: array, index }
  }
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}
