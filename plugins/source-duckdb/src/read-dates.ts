/** Readers of columns of dates and timestamps, cut to milliseconds. */
import { DuckDBTimestampNanosecondsValue } from '@duckdb/node-api'
import { type AttributeValue, SourceError } from '@sluice/connector-sdk'
import { values } from './read-numbers.ts'
import type { VectorBytes } from './vector-bytes.ts'
import { wideIntegers } from './wide-integers.ts'

const msPerDay = 86_400_000
// The range of a JavaScript Date; DuckDB's infinities lie far outside.
const maxDateMs = 8.64e15
// In nanoseconds the infinities are within that range: the year 2262.
const infiniteNanos: ReadonlySet<bigint> = new Set([
  DuckDBTimestampNanosecondsValue.PosInf.nanos,
  DuckDBTimestampNanosecondsValue.NegInf.nanos,
])

/** Days since 1970. */
export function readDays(vector: VectorBytes, columnName: string): AttributeValue[] {
  const { data, length } = vector
  const days = new Int32Array(data.buffer, data.byteOffset, length)
  return values(vector, (row) => dateOf((days[row] ?? 0) * msPerDay, columnName))
}

/** How many of a timestamp's units make a millisecond, or how many milliseconds a unit. */
export type TimestampUnit = 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds'

export function readTimestamps(
  vector: VectorBytes,
  unit: TimestampUnit,
  columnName: string,
): AttributeValue[] {
  const integers = wideIntegers(vector, true)
  return values(vector, (row) => {
    const exact = integers.numberAt(row)
    const ms = exact === undefined ? bigToMs(integers.bigintAt(row), unit) : toMs(exact, unit)
    return dateOf(ms, columnName)
  })
}

function toMs(value: number, unit: TimestampUnit): number {
  switch (unit) {
    case 'seconds':
      return value * 1000
    case 'milliseconds':
      return value
    case 'microseconds':
      return floorDivide(value, 1000)
    case 'nanoseconds':
      return floorDivide(value, 1_000_000)
  }
}

function bigToMs(value: bigint, unit: TimestampUnit): number {
  switch (unit) {
    case 'seconds':
      return Number(value) * 1000
    case 'milliseconds':
      return Number(value)
    case 'microseconds':
      return floorDivideBig(value, 1000n)
    case 'nanoseconds':
      return infiniteNanos.has(value) ? Number.NaN : floorDivideBig(value, 1_000_000n)
  }
}

/** Down, also before 1970. By the remainder, which is exact where a quotient may be rounded up. */
function floorDivide(value: number, divisor: number): number {
  const remainder = value % divisor
  return (value - (remainder < 0 ? remainder + divisor : remainder)) / divisor
}

function floorDivideBig(value: bigint, divisor: bigint): number {
  const quotient = value / divisor
  return Number(value < 0n && quotient * divisor !== value ? quotient - 1n : quotient)
}

function dateOf(ms: number, columnName: string): Date {
  if (ms >= -maxDateMs && ms <= maxDateMs) return new Date(ms)
  throw new SourceError(
    'bad_file',
    `Column “${columnName}” holds an infinite date, or one beyond the year 275760. Replace such dates, for example by NULL in a view.`,
  )
}
