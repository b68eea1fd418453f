/** A request as data: the address, headers and conduct of its fields around a body. */
import type { Body, Part, PlannedItem, PublicSettings, RequestPlan } from '@sluice/connector-sdk'
import type { AddressFields, ConductFields, TextsByName } from './request-fields.ts'
import { basePath } from './settings.ts'

export type EnvelopeFields = AddressFields & ConductFields

/** A vendor needs one or two. */
const mostRedirects = 5

/** What carries a body to its address; the parts are the caller's. */
export function envelope(
  fields: EnvelopeFields,
  settings: PublicSettings,
  body: Body | undefined,
  query: TextsByName = {},
): Omit<RequestPlan, 'parts'> {
  const headers = headersOf(fields)
  return {
    method: fields.method,
    path: pathOf(fields, settings, query),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    ...(fields.followsRedirects === true ? { redirects: mostRedirects } : {}),
  }
}

/** One item a request: the API that takes a request once knows it by the item's own key. */
export function forOneItem(
  request: Omit<RequestPlan, 'parts'>,
  { idempotencyHeader, isRepeatable }: ConductFields,
  item: PlannedItem<unknown>,
  index: number,
): RequestPlan {
  const part: Part = { item: index, part: 0, effect: isRepeatable === true ? 'set' : 'append' }
  if (idempotencyHeader === undefined) return { ...request, parts: [part] }
  return {
    ...request,
    headers: { ...request.headers, [idempotencyHeader.toLowerCase()]: item.key },
    parts: [{ ...part, isDeduplicated: true }],
  }
}

/** Many items a request: which of them share it may change, so that only an identical request is known again. */
export function forItems(
  request: Omit<RequestPlan, 'parts'>,
  { idempotencyHeader, isRepeatable }: ConductFields,
  indexes: readonly number[],
): RequestPlan {
  const effect = isRepeatable === true ? 'set' : 'append'
  return {
    ...request,
    ...(idempotencyHeader === undefined ? {} : { deduplicationHeader: idempotencyHeader.toLowerCase() }),
    parts: indexes.map((item) => ({ item, part: 0, effect })),
  }
}

function pathOf(
  { path = '', query = {}, queryText = '' }: AddressFields,
  settings: PublicSettings,
  more: TextsByName,
): string {
  const whole = basePath(settings) + path
  const written = queryText.replace(/^\?/, '').replaceAll('#', '%23')
  const encoded = new URLSearchParams({ ...query, ...more }).toString()
  const parameters = [written, encoded].filter((text) => text !== '').join('&')
  return (whole === '' ? '/' : whole) + (parameters === '' ? '' : `?${parameters}`)
}

function headersOf({ cookies = {}, headers = {} }: AddressFields): TextsByName {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  return cookie === '' ? lower : { ...lower, cookie }
}
