/** Records of a test as the columns that a data source would give, and mappings to them. */
import type { AttributeType, AttributeValue, RecordBatch, z } from '@sluice/connector-sdk'
import type { Mapping } from '../../../engine/mapping/mapping.ts'
import type { AttributeColumn } from '../../../engine/reading/columns.ts'

/** A row of the data source by attribute. */
export type TestRecord = Readonly<Record<string, AttributeValue>>

/** Which attribute or constant goes into which parameter; `key` names an entry of an open or repeated group. */
export interface TestMapping {
  readonly parameter: string
  readonly key?: string
  readonly from:
    | { readonly kind: 'attribute'; readonly attribute: string }
    | { readonly kind: 'constant'; readonly value: string | number | boolean }
}

export interface TestTable {
  /** The mapped attributes, then the position of each row. */
  readonly batch: RecordBatch
  readonly columns: readonly AttributeColumn[]
  readonly mappings: Mapping[]
}

/** The column that orders the rows; no attribute can be called so. */
export const positionColumn = ' row'

export function tableOf(
  records: readonly TestRecord[],
  parameters: z.ZodObject,
  given: readonly TestMapping[] | undefined,
): TestTable {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))]
  const columns = names.map((name) => ({ name, type: typeOf(name, records) }))
  const mappings = given ?? mappedByName(names, parameters)
  const mapped = mappings.flatMap(({ from }) => (from.kind === 'attribute' ? [from.attribute] : []))
  const attributes = [...new Set(mapped)]
  return {
    batch: {
      length: records.length,
      columns: [
        ...attributes.map((name) => records.map((record) => record[name] ?? null)),
        records.map((_, row) => String(row)),
      ],
    },
    columns,
    mappings: [...mappings],
  }
}

function mappedByName(names: readonly string[], parameters: z.ZodObject): readonly TestMapping[] {
  return names
    .filter((name) => Object.hasOwn(parameters.shape, name))
    .map((name) => ({ parameter: name, from: { kind: 'attribute', attribute: name } }))
}

/** The type of a column is that of its values; one without any takes texts. */
function typeOf(name: string, records: readonly TestRecord[]): AttributeType {
  const types = new Set(records.map((record) => typeOfValue(record[name] ?? null)))
  types.delete(null)
  const [type = 'string', ...others] = types
  if (others.length > 0)
    throw new Error(`The attribute "${name}" has values of the types ${[...types].join(', ')}.`)
  return type ?? 'string'
}

function typeOfValue(value: AttributeValue): AttributeType | null {
  if (value === null) return null
  if (Array.isArray(value)) {
    const element = typeOfValue((value as readonly AttributeValue[]).find((each) => each !== null) ?? '')
    return element === 'number' ? 'numberArray' : element === 'boolean' ? 'booleanArray' : 'stringArray'
  }
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  return value instanceof Date ? 'date' : 'number'
}
