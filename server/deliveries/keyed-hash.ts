/** A text that is the same for every try of the same thing in a delivery, and from which nothing else can be told. */
import { createHmac } from 'node:crypto'

export function keyedHash(deliveryKey: Uint8Array | string, text: string): string {
  return createHmac('sha256', deliveryKey).update(text).digest('base64url')
}
