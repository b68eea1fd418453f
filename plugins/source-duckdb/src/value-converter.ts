/** From DuckDB's raw values to attribute values: picked once a column, exact where DuckDB is exact. */
import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBDateValue,
  DuckDBDecimalType,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api'
import { type AttributeValue, Decimal, type SelectedColumn, SourceError } from '@sluice/connector-sdk'
import { mapType } from './attribute-type.ts'

type Scalar = Exclude<AttributeValue, Date | readonly unknown[]>
export type ValueConverter = (value: DuckDBValue) => AttributeValue

const exactBound = 2n ** 53n
const msPerDay = 86_400_000
// The range of a JavaScript Date; DuckDB's infinities lie far outside.
const maxDateMs = 8.64e15
// In nanoseconds the infinities are within that range: the year 2262.
const infiniteNanos: ReadonlySet<bigint> = new Set([
  DuckDBTimestampNanosecondsValue.PosInf.nanos,
  DuckDBTimestampNanosecondsValue.NegInf.nanos,
])

export function valueConverter(type: DuckDBType, column: SelectedColumn): ValueConverter {
  const mapped = mapType(type).type
  // A column of nothing but NULL has no type of its own.
  if (mapped !== column.type && type.typeId !== DuckDBTypeId.SQLNULL) {
    throw new SourceError(
      'bad_query',
      `Column “${column.name}” was asked for as ${column.type} and is ${mapped}. Has its type changed?`,
    )
  }
  if (mapped === 'date') return dateConverter(type, column.name)
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return listConverter(type.valueType)
  return scalarConverter(type)
}

function scalarConverter(type: DuckDBType): (value: DuckDBValue) => Scalar {
  if (type instanceof DuckDBDecimalType) return decimalConverter(type.scale)
  switch (type.typeId) {
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.BIGNUM:
      return toInteger
    default:
      return toPlain
  }
}

function toPlain(value: DuckDBValue): Scalar {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value
  }
  throw new SourceError('bad_query', 'A column that has no simple form was not cast to text.')
}

function toInteger(value: DuckDBValue): Scalar {
  if (typeof value !== 'bigint') return toPlain(value)
  return value <= exactBound && value >= -exactBound ? Number(value) : value
}

function decimalConverter(scale: number): (value: DuckDBValue) => Scalar {
  return (value) =>
    value instanceof DuckDBDecimalValue ? new Decimal(decimalDigits(value.value, scale)) : toPlain(value)
}

function decimalDigits(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString()
  const isNegative = unscaled < 0n
  const digits = (isNegative ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const point = digits.length - scale
  return `${isNegative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
}

function listConverter(elementType: DuckDBType): ValueConverter {
  const convert = scalarConverter(elementType)
  return (value) => {
    if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(convert)
    return toPlain(value)
  }
}

function dateConverter(type: DuckDBType, columnName: string): ValueConverter {
  const toMs = millisecondsOf(type.typeId)
  return (value) => {
    if (value === null) return null
    const ms = toMs(value)
    if (ms >= -maxDateMs && ms <= maxDateMs) return new Date(ms)
    throw new SourceError(
      'bad_file',
      `Column “${columnName}” holds an infinite date, or one beyond the year 275760. Replace such dates, for example by NULL in a view.`,
    )
  }
}

function millisecondsOf(typeId: DuckDBTypeId): (value: DuckDBValue) => number {
  switch (typeId) {
    case DuckDBTypeId.DATE:
      return (value) => (value instanceof DuckDBDateValue ? value.days * msPerDay : Number.NaN)
    case DuckDBTypeId.TIMESTAMP_S:
      return (value) =>
        value instanceof DuckDBTimestampSecondsValue ? Number(value.seconds) * 1000 : Number.NaN
    case DuckDBTypeId.TIMESTAMP_MS:
      return (value) =>
        value instanceof DuckDBTimestampMillisecondsValue ? Number(value.millis) : Number.NaN
    case DuckDBTypeId.TIMESTAMP_NS:
      return (value) =>
        value instanceof DuckDBTimestampNanosecondsValue && !infiniteNanos.has(value.nanos)
          ? floorDivide(value.nanos, 1_000_000n)
          : Number.NaN
    default:
      return (value) =>
        value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue
          ? floorDivide(value.micros, 1000n)
          : Number.NaN
  }
}

/** Down, also before 1970, where BigInt's own division goes up. */
function floorDivide(value: bigint, divisor: bigint): number {
  const quotient = value / divisor
  return Number(value < 0n && quotient * divisor !== value ? quotient - 1n : quotient)
}
