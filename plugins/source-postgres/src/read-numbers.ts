/** Readers of numbers and booleans from the server's texts, with every digit. */
import { Decimal } from '@sluice/connector-sdk'

const exactBound = 2n ** 53n
/** So few digits are below 2^53 whatever they are. */
const surelyExactLength = 15

/** A number where a double is the integer, else the integer. */
export function readInteger(text: string): number | bigint {
  if (text.length <= surelyExactLength) return Number(text)
  const exact = BigInt(text)
  return exact <= exactBound && exact >= -exactBound ? Number(exact) : exact
}

/** NaN and the infinities have no digits to keep. */
export function readDecimal(text: string): Decimal | number {
  return /\d/.test(text) ? new Decimal(text) : Number(text)
}

export function readBoolean(text: string): boolean {
  return text === 't'
}
