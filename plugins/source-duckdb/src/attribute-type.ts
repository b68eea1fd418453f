/** What a DuckDB type becomes: an attribute type, and a name that the dialect can cast to. */
import { DuckDBArrayType, DuckDBListType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import type { AttributeType } from '@sluice/connector-sdk'

export interface MappedType {
  readonly type: AttributeType
  readonly nativeType: string
}

// An ENUM's own name lists its members, which are values: it is spoken of as text, like all that has no simple form.
const asText: MappedType = { type: 'string', nativeType: 'VARCHAR' }

export function mapType(type: DuckDBType): MappedType {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return mapListType(type.valueType)
  switch (type.typeId) {
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.BIGNUM:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.DECIMAL:
      return { type: 'number', nativeType: String(type) }
    case DuckDBTypeId.BOOLEAN:
      return { type: 'boolean', nativeType: 'BOOLEAN' }
    case DuckDBTypeId.DATE:
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return { type: 'date', nativeType: String(type) }
    case DuckDBTypeId.UUID:
    case DuckDBTypeId.TIME:
    case DuckDBTypeId.TIME_NS:
    case DuckDBTypeId.TIME_TZ:
    case DuckDBTypeId.INTERVAL:
    case DuckDBTypeId.BLOB:
    case DuckDBTypeId.BIT:
      return { type: 'string', nativeType: String(type) }
    default:
      return asText
  }
}

function mapListType(element: DuckDBType): MappedType {
  if (isNested(element.typeId)) return asText
  const { type, nativeType } = mapType(element)
  switch (type) {
    case 'number':
      return { type: 'numberArray', nativeType: `${nativeType}[]` }
    case 'boolean':
      return { type: 'booleanArray', nativeType: 'BOOLEAN[]' }
    default:
      return { type: 'stringArray', nativeType: 'VARCHAR[]' }
  }
}

function isNested(typeId: DuckDBTypeId): boolean {
  switch (typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP:
    case DuckDBTypeId.UNION:
    case DuckDBTypeId.VARIANT:
      return true
    default:
      return false
  }
}
