/** Numbers of records as doubles, which is what they are in conditions. */
import type { AttributeValue, Decimal } from '@sluice/connector-sdk'

/** Whether a value is a decimal. By its shape: a source package may bring its own copy of the SDK. */
export function isDecimal(value: AttributeValue): value is Decimal {
  return typeof value === 'object' && value !== null && 'digits' in value
}

/** A number as a double; what is no number is NaN, which no comparison holds for. */
export function toDouble(value: AttributeValue): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return isDecimal(value) ? Number(value.digits) : Number.NaN
}
