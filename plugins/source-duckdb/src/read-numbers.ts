/** Readers of columns of numbers and booleans. */
import { type AttributeValue, Decimal } from '@sluice/connector-sdk'
import { decimalDigits } from './decimal-digits.ts'
import { isNull, type VectorBytes } from './vector-bytes.ts'
import { type WideIntegers, wideIntegers } from './wide-integers.ts'

const exactBound = 2n ** 53n

type NarrowNumbers =
  | typeof Int8Array
  | typeof Int16Array
  | typeof Int32Array
  | typeof Uint8Array
  | typeof Uint16Array
  | typeof Uint32Array
  | typeof Float32Array
  | typeof Float64Array

/** Numbers of at most 32 bits, and doubles. */
export function readNumbers(vector: VectorBytes, Numbers: NarrowNumbers): AttributeValue[] {
  const { data, length } = vector
  const numbers = new Numbers(data.buffer, data.byteOffset, length)
  return values(vector, (row) => numbers[row] ?? 0)
}

/** Integers of 64 bits: exact, as a bigint beyond 2^53. */
export function readIntegers(vector: VectorBytes, isSigned: boolean): AttributeValue[] {
  const integers = wideIntegers(vector, isSigned)
  return values(vector, (row) => integers.numberAt(row) ?? exactInteger(integers.bigintAt(row)))
}

/** A number where a double is the integer, else the integer. */
export function exactInteger(value: bigint): number | bigint {
  return value <= exactBound && value >= -exactBound ? Number(value) : value
}

/** Decimals of at most 18 digits, which DuckDB keeps as integers without their point. */
export function readDecimals(vector: VectorBytes, width: 2 | 4 | 8, scale: number): AttributeValue[] {
  const unscaled = unscaledReader(vector, width)
  return values(vector, (row) => new Decimal(decimalDigits(unscaled(row), scale)))
}

function unscaledReader(vector: VectorBytes, width: 2 | 4 | 8): (row: number) => number | bigint {
  if (width === 8) {
    const integers: WideIntegers = wideIntegers(vector, true)
    return (row) => integers.numberAt(row) ?? integers.bigintAt(row)
  }
  const { data, length } = vector
  const Integers = width === 2 ? Int16Array : Int32Array
  const integers = new Integers(data.buffer, data.byteOffset, length)
  return (row) => integers[row] ?? 0
}

export function readBooleans(vector: VectorBytes): AttributeValue[] {
  return values(vector, (row) => vector.data[row] !== 0)
}

/** The values of a column: null where it has none. */
export function values(vector: VectorBytes, valueAt: (row: number) => AttributeValue): AttributeValue[] {
  const found = new Array<AttributeValue>(vector.length)
  for (let row = 0; row < vector.length; row += 1) found[row] = isNull(vector, row) ? null : valueAt(row)
  return found
}
