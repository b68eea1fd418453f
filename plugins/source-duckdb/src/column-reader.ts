/** From a chunk's column to attribute values: the way is picked once a column, exact where DuckDB is exact. */
import { type DuckDBDataChunk, DuckDBDecimalType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import { type AttributeValue, type SelectedColumn, SourceError } from '@sluice/connector-sdk'
import { mapType } from './attribute-type.ts'
import { readDays, readTimestamps, type TimestampUnit } from './read-dates.ts'
import { readBooleans, readDecimals, readIntegers, readNumbers } from './read-numbers.ts'
import { readTexts, textWidth } from './read-texts.ts'
import { valueConverter } from './value-converter.ts'
import { type VectorBytes, vectorBytes } from './vector-bytes.ts'
import { wideWidth } from './wide-integers.ts'

/** Reads the first rows of a column. */
export type ColumnReader = (chunk: DuckDBDataChunk, column: number, length: number) => AttributeValue[]

export function columnReader(type: DuckDBType, column: SelectedColumn): ColumnReader {
  const mapped = mapType(type).type
  // A column of nothing but NULL has no type of its own.
  if (mapped !== column.type && type.typeId !== DuckDBTypeId.SQLNULL) {
    throw new SourceError(
      'bad_query',
      `Column “${column.name}” was asked for as ${column.type} and is ${mapped}. Has its type changed?`,
    )
  }
  if (type instanceof DuckDBDecimalType) return decimals(type)
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
      return fixed(textWidth, readTexts)
    case DuckDBTypeId.BOOLEAN:
      return fixed(1, readBooleans)
    case DuckDBTypeId.TINYINT:
      return numbers(Int8Array)
    case DuckDBTypeId.SMALLINT:
      return numbers(Int16Array)
    case DuckDBTypeId.INTEGER:
      return numbers(Int32Array)
    case DuckDBTypeId.UTINYINT:
      return numbers(Uint8Array)
    case DuckDBTypeId.USMALLINT:
      return numbers(Uint16Array)
    case DuckDBTypeId.UINTEGER:
      return numbers(Uint32Array)
    case DuckDBTypeId.FLOAT:
      return numbers(Float32Array)
    case DuckDBTypeId.DOUBLE:
      return numbers(Float64Array)
    case DuckDBTypeId.BIGINT:
      return fixed(wideWidth, (vector) => readIntegers(vector, true))
    case DuckDBTypeId.UBIGINT:
      return fixed(wideWidth, (vector) => readIntegers(vector, false))
    case DuckDBTypeId.DATE:
      return fixed(4, (vector) => readDays(vector, column.name))
    case DuckDBTypeId.TIMESTAMP_S:
      return timestamps('seconds', column)
    case DuckDBTypeId.TIMESTAMP_MS:
      return timestamps('milliseconds', column)
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return timestamps('microseconds', column)
    case DuckDBTypeId.TIMESTAMP_NS:
      return timestamps('nanoseconds', column)
    default:
      return valueByValue(type)
  }
}

function fixed(width: number, read: (vector: VectorBytes) => AttributeValue[]): ColumnReader {
  return (chunk, column, length) => read(vectorBytes(chunk, column, length, width))
}

function numbers(Numbers: Parameters<typeof readNumbers>[1]): ColumnReader {
  return fixed(Numbers.BYTES_PER_ELEMENT, (vector) => readNumbers(vector, Numbers))
}

function timestamps(unit: TimestampUnit, { name }: SelectedColumn): ColumnReader {
  return fixed(wideWidth, (vector) => readTimestamps(vector, unit, name))
}

/** DuckDB keeps as few bytes as the digits need; more than 18 digits go the general way. */
function decimals(type: DuckDBDecimalType): ColumnReader {
  const { scale, width: digits } = type
  if (digits > 18) return valueByValue(type)
  const width = digits > 9 ? 8 : digits > 4 ? 4 : 2
  return fixed(width, (vector) => readDecimals(vector, width, scale))
}

/** Whatever has no short way: DuckDB's own values, converted one by one. */
function valueByValue(type: DuckDBType): ColumnReader {
  const convert = valueConverter(type)
  return (chunk, column, length) => {
    const vector = chunk.getColumnVector(column)
    return Array.from({ length }, (_, row) => convert(vector.getItem(row)))
  }
}
