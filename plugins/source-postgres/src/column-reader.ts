/** From the server's texts to attribute values: the way is picked once a column, by the type on the wire. */
import {
  type AttributeType,
  type AttributeValue,
  type SelectedColumn,
  SourceError,
} from '@sluice/connector-sdk'
import { readArray } from './read-array.ts'
import { readInstant } from './read-instant.ts'
import { readBoolean, readDecimal, readInteger } from './read-numbers.ts'
import type { WireOutput } from './session.ts'

export type ColumnReader = (text: string) => AttributeValue

type Element = Exclude<AttributeValue, Date | readonly unknown[]>

interface WireType {
  readonly type: AttributeType
  readonly reader: (column: SelectedColumn) => ColumnReader
}

const plain = (type: AttributeType, read: ColumnReader): WireType => ({ type, reader: () => read })
const date: WireType = {
  type: 'date',
  reader:
    ({ name }) =>
    (text) =>
      readInstant(text, name),
}
const array = (type: AttributeType, read: (text: string) => Element): WireType => ({
  type,
  reader:
    ({ name }) =>
    (text) =>
      readArray(text, name).map((element) => (element === null ? null : read(element))),
})
const asIs = (text: string): string => text

/** By the number of the type in `pg_type`, which is the same on every server. */
const wireTypes: ReadonlyMap<number, WireType> = new Map([
  [16, plain('boolean', readBoolean)],
  [20, plain('number', readInteger)],
  [21, plain('number', readInteger)],
  [23, plain('number', readInteger)],
  [700, plain('number', Number)],
  [701, plain('number', Number)],
  [1700, plain('number', readDecimal)],
  [1082, date],
  [1114, date],
  [1184, date],
  [1000, array('booleanArray', readBoolean)],
  [1005, array('numberArray', readInteger)],
  [1007, array('numberArray', readInteger)],
  [1016, array('numberArray', readInteger)],
  [1021, array('numberArray', Number)],
  [1022, array('numberArray', Number)],
  [1231, array('numberArray', readDecimal)],
  [1009, array('stringArray', asIs)],
  [1015, array('stringArray', asIs)],
])
const anyOther = plain('string', asIs)

export function columnReader({ typeId }: WireOutput, column: SelectedColumn): ColumnReader {
  const wire = wireTypes.get(typeId) ?? anyOther
  if (wire.type === column.type) return wire.reader(column)
  throw new SourceError(
    'bad_query',
    `Column “${column.name}” was asked for as ${column.type} and is ${wire.type}. Has its type changed?`,
  )
}

/** The readers of a statement's selected columns, which are its first outputs. */
export function selectedReaders(
  outputs: readonly WireOutput[],
  columns: readonly SelectedColumn[],
): readonly ColumnReader[] {
  return columns.map((column, index) => {
    const output = outputs[index]
    if (output !== undefined) return columnReader(output, column)
    throw new SourceError(
      'bad_query',
      `The query selects ${outputs.length} outputs where ${columns.length} are wanted.`,
    )
  })
}
