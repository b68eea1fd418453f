/** The parameter that says how many records share a request. */
import { z } from '@sluice/connector-sdk'
import { mostRecords } from './limits.ts'
import type { AddressFields, ConductFields } from './request-fields.ts'

export const recordCount = z
  .int()
  .min(1)
  .max(mostRecords)
  .default(mostRecords)
  .meta({
    title: 'Record count maximum',
    description: `How many records a request carries at most, from 1 to ${mostRecords}. Nothing waits until a batch is full: what a look at the source finds goes out.`,
    group: 'Batch',
    examples: [mostRecords],
  })

/** All that a request says of its records together. */
export function sharedFields(fields: AddressFields & ConductFields): readonly unknown[] {
  const {
    cookies,
    followsRedirects,
    headers,
    idempotencyHeader,
    isRepeatable,
    method,
    path,
    query,
    queryText,
  } = fields
  return [method, path, query, queryText, headers, cookies, followsRedirects, isRepeatable, idempotencyHeader]
}
