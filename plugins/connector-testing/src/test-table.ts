/** Records of a test as the columns that a data source would give. */
import type { ActionMapping, AttributeType, AttributeValue, RecordBatch, z } from '@sluice/connector-sdk'
import type { AttributeColumn } from '../../../engine/reading/columns.ts'

/** A row of the data source by attribute. */
export type TestRecord = Readonly<Record<string, AttributeValue>>

/** The column that orders the rows; no attribute can be called so. */
export const positionColumn = ' row'

/** Every attribute that a record has, with the type of its values. */
export function columnsOf(records: readonly TestRecord[]): readonly AttributeColumn[] {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))]
  return names.map((name) => ({ name, type: typeOf(name, records) }))
}

/** The attributes that are asked for, then the position of each row. */
export function batchOf(records: readonly TestRecord[], attributes: readonly string[]): RecordBatch {
  return {
    length: records.length,
    columns: [
      ...attributes.map((name) => records.map((record) => record[name] ?? null)),
      records.map((_, row) => String(row)),
    ],
  }
}

/** Attributes go to the parameters of their names. */
export function mappedByName(
  columns: readonly AttributeColumn[],
  parameters: z.ZodObject,
): readonly ActionMapping[] {
  return columns
    .filter(({ name }) => Object.hasOwn(parameters.shape, name))
    .map(({ name }) => ({ parameter: name, from: { kind: 'attribute', attribute: name } }))
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
