/** Whole records as JSON objects: of an event, of a visitor, or plain. */
import { type JsonValue, z } from '@sluice/connector-sdk'
import { issue } from './issue.ts'
import { toJsonObject, toJsonValue } from './json-values.ts'

type JsonObject = Readonly<Record<string, JsonValue | undefined>>

/** Attributes by their names. A value that JSON cannot say rejects the record, with the entry's name. */
export function attributes(title: string, description: string, group: string) {
  return z
    .record(z.string(), z.unknown())
    .check(({ issues, value }) => {
      for (const [name, each] of Object.entries(value)) {
        if (each !== undefined && toJsonValue(each) === undefined)
          issues.push(issue('value_not_json', [name]))
      }
    })
    .optional()
    .meta({ title, description, group, open: true })
}

const text = (title: string, description: string, group: string) =>
  z.string().optional().meta({ title, description, group })

export const originFields = {
  account: text('Account', 'As the receiver knows it.', 'Origin'),
  profile: text('Profile', 'As the receiver knows it.', 'Origin'),
  environment: text('Environment', 'Such as prod.', 'Origin'),
}

export const eventFields = {
  eventId: text('Event id', 'What tells this event from others.', 'Event'),
  visitorId: text('Visitor id', 'Whose event it is.', 'Event'),
  postTime: text('Time', 'When it happened.', 'Event'),
  userAgent: text('User agent', 'Of the browser.', 'Event'),
  attributes: attributes(
    'Event attributes',
    'By the names that the receiver knows: data.udo.',
    'Event attributes',
  ),
  page: attributes('Page', 'What is known of the page: data.dom.', 'Page'),
  pageCookies: attributes('Cookies of the page', 'By their names: data.firstparty_tealium_cookies.', 'Page'),
}

export const visitorFields = {
  visitorId: text('Visitor id', 'Who it is.', 'Visitor'),
  attributes: attributes(
    'Visitor attributes',
    'By the names that the receiver knows. They go by their types: numbers to metrics, true and false to flags, dates to dates, texts to properties, lists to property_sets.',
    'Visitor attributes',
  ),
  dates: attributes(
    'Dates',
    'Texts that are dates: they go to dates and not to properties.',
    'Visitor attributes',
  ),
  currentVisit: attributes(
    'Current visit',
    'What is known of the visit, by name. Without any, current_visit is left out.',
    'Current visit',
  ),
}

export type OriginFields = z.output<z.ZodObject<typeof originFields>>
export type EventFields = z.output<z.ZodObject<typeof eventFields>>
export type VisitorFields = z.output<z.ZodObject<typeof visitorFields>>

type Values = Readonly<Record<string, unknown>>

export function plainObject(values: Values | undefined): JsonObject {
  return toJsonObject(values ?? {}) ?? {}
}

export function eventObject({
  account,
  attributes: udo,
  environment,
  eventId,
  page,
  pageCookies,
  postTime,
  profile,
  userAgent,
  visitorId,
}: OriginFields & EventFields): JsonObject {
  return {
    ...{ account, profile, env: environment },
    data: {
      udo: plainObject(udo),
      ...(page === undefined ? {} : { dom: plainObject(page) }),
      ...(pageCookies === undefined ? {} : { firstparty_tealium_cookies: plainObject(pageCookies) }),
    },
    ...{ post_time: postTime, useragent: userAgent, event_id: eventId, visitor_id: visitorId },
  }
}

export function visitorObject({
  account,
  attributes: values,
  currentVisit,
  dates,
  environment,
  profile,
  visitorId,
}: OriginFields & VisitorFields): JsonObject {
  const groups: Record<string, Record<string, JsonValue>> = {}
  const put = (group: string, name: string, value: JsonValue) => {
    const kept = groups[group] ?? {}
    groups[group] = kept
    Object.defineProperty(kept, name, { value, enumerable: true, configurable: true, writable: true })
  }
  for (const [name, value] of Object.entries(values ?? {})) {
    const json = toJsonValue(value)
    // What is not known is left out, and not sent as nothing.
    if (json !== undefined && json !== null) put(groupOf(value), name, json)
  }
  for (const [name, value] of Object.entries(dates ?? {})) {
    const json = toJsonValue(value)
    if (json !== undefined && json !== null) put('dates', name, json)
  }
  return {
    ...{ account, profile, env: environment, visitor_id: visitorId },
    ...groups,
    ...(currentVisit === undefined ? {} : { current_visit: plainObject(currentVisit) }),
  }
}

function groupOf(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 'metrics'
    case 'boolean':
      return 'flags'
    case 'object':
      if (value instanceof Date) return 'dates'
      return Array.isArray(value) ? 'property_sets' : 'metrics'
    default:
      return 'properties'
  }
}
