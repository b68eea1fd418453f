/** From DuckDB's own values to attribute values, for what is not read from memory: lists, and the widest numbers. */
import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBDecimalType,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api'
import { type AttributeValue, Decimal, SourceError } from '@sluice/connector-sdk'
import { decimalDigits } from './decimal-digits.ts'
import { exactInteger } from './read-numbers.ts'

type Scalar = Exclude<AttributeValue, Date | readonly unknown[]>
export type ValueConverter = (value: DuckDBValue) => AttributeValue

export function valueConverter(type: DuckDBType): ValueConverter {
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
      return (value) => (typeof value === 'bigint' ? exactInteger(value) : toPlain(value))
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

function decimalConverter(scale: number): (value: DuckDBValue) => Scalar {
  return (value) =>
    value instanceof DuckDBDecimalValue ? new Decimal(decimalDigits(value.value, scale)) : toPlain(value)
}

function listConverter(elementType: DuckDBType): ValueConverter {
  const convert = scalarConverter(elementType)
  return (value) => {
    if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(convert)
    return toPlain(value)
  }
}
