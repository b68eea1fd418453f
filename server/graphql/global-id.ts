/** Ids as clients see them: the type and the row's UUID, readable, for example `Segment_0190…`. */
import { z } from 'zod'
import { type EntityName, InvalidInput } from '../problems/rules.ts'

const form = /^(?<typename>[A-Z][A-Za-z]*)_(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export interface DecodedId {
  readonly typename: string
  readonly id: string
}

export function encodeGlobalId(typename: string, id: string | number | bigint): string {
  return `${typename}_${id}`
}

/** Undefined when the text is not an id at all. */
export function parseGlobalId(text: string): DecodedId | undefined {
  const { typename, id } = form.exec(text)?.groups ?? {}
  return typename === undefined || id === undefined ? undefined : { typename, id }
}

/** For Relay's own `node` fields, which have no other way to refuse. */
export function decodeGlobalId(text: string): DecodedId {
  const decoded = parseGlobalId(text)
  if (decoded !== undefined) return decoded
  throw new InvalidInput([
    { path: ['id'], code: 'bad_id', message: 'This is not an id. Pass an id as this API returned it.' },
  ])
}

/** A field of an input schema that takes the id of one type and yields the row's UUID. */
export function globalId(typename: EntityName) {
  return z.string().transform((text, context) => {
    const decoded = parseGlobalId(text)
    if (decoded?.typename === typename) return decoded.id
    context.addIssue({
      code: 'custom',
      params: { code: 'bad_id' },
      message: `This is not the id of a ${typename}. Ids look like ${typename}_… and come from this API.`,
    })
    return z.NEVER
  })
}
