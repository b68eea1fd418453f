/** What keeps the order of records: whom they are about, where that is mapped. */
import { sha256 } from '@sluice/connector-sdk'

/** Else a record of its own, so that none waits for another. */
export function recipientOf(payload: { readonly recipient?: string | undefined }): string {
  const { recipient } = payload
  if (recipient !== undefined && recipient !== '') return recipient
  return sha256(
    JSON.stringify(payload, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  )
}
