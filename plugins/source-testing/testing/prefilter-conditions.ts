/** Any condition on any column, near the values that the columns hold: where a prefilter goes wrong by a hair. */
import type { AttributeValue, SourceColumn } from '@sluice/connector-sdk'
import fc from 'fast-check'
import { type Conditions, conditionsSchema } from '../../../engine/rules/conditions.ts'
import { toDouble } from '../../../engine/rules/numbers.ts'
import { type Operator, operatorsFor } from '../../../engine/rules/operators.ts'
import { pattern, text } from './prefilter-values.ts'

type Cells = readonly AttributeValue[]

/** `values[c]` are those of `columns[c]`. */
export function conditionTree(
  columns: readonly SourceColumn[],
  values: readonly Cells[],
): fc.Arbitrary<Conditions> {
  const condition = fc.nat(columns.length - 1).chain((index) => {
    const { name, type } = columns[index] ?? { name: '', type: 'string' }
    return fc.constantFrom(...operatorsFor(type)).chain((operator) =>
      fc
        .record({
          attribute: fc.constant(name),
          operator: fc.constant(operator),
          value: valueFor(operator, values[index] ?? [], columns),
          ignoreCase: fc.constantFrom(undefined, undefined, true),
          multiline: fc.constantFrom(undefined, true),
        })
        .map(withoutWhatDoesNotBelong),
    )
  })
  const group = fc.record({ all: fc.array(condition, { minLength: 1, maxLength: 2 }) })
  const some = fc.array(group, { minLength: 1, maxLength: 2 })
  return fc
    .oneof(fc.record({ any: some }), fc.record({ any: fc.oneof(some, fc.constant([])), exclude: some }))
    .map((tree) => conditionsSchema.safeParse(tree))
    .filter(({ success }) => success)
    .map(({ data }) => data ?? { any: [] })
}

interface Drawn {
  readonly attribute: string
  readonly operator: Operator
  readonly value: unknown
  readonly ignoreCase: true | undefined
  readonly multiline: true | undefined
}

function withoutWhatDoesNotBelong({ attribute, operator, value, ignoreCase, multiline }: Drawn): object {
  const isOnText = typeof value === 'string' && !dateOperators.includes(operator)
  return {
    attribute,
    operator,
    ...(value === undefined ? {} : { value }),
    ...(isOnText && ignoreCase ? { ignoreCase } : {}),
    ...(operator === 'matches' && multiline ? { multiline } : {}),
  }
}

const dateOperators: readonly Operator[] = ['before', 'onOrBefore', 'after', 'onOrAfter']

function valueFor(operator: Operator, cells: Cells, columns: readonly SourceColumn[]): fc.Arbitrary<unknown> {
  switch (operator) {
    case 'equals':
    case 'notEquals':
      return typeof cells.find((cell) => cell !== null) === 'string' ? nearText(cells) : nearNumber(cells)
    case 'lessThan':
    case 'lessThanOrEqual':
    case 'greaterThan':
    case 'greaterThanOrEqual':
      return nearNumber(cells)
    case 'contains':
    case 'notContains':
    case 'startsWith':
    case 'endsWith':
      return nearText(cells)
    case 'matches':
      return pattern
    case 'before':
    case 'onOrBefore':
    case 'after':
    case 'onOrAfter':
      return fc.oneof(nearDate(cells), otherDate(columns), fromNow)
    case 'occurredLessThanAgo':
    case 'occurredMoreThanAgo':
      return fc.record({ amount: fc.integer({ min: 1, max: 40 }), unit: unitAgo })
    case 'containsItem':
    case 'notContainsItem':
      return itemOf(cells)
    case 'itemContains':
    case 'noItemContains':
    case 'itemStartsWith':
    case 'itemEndsWith':
      return text
    case 'containsOnly':
      return fc.boolean()
    case 'isAssigned':
    case 'isNotAssigned':
    case 'isEmpty':
    case 'isNotEmpty':
    case 'isTrue':
    case 'isFalse':
      return fc.constant(undefined)
  }
}

const unitAgo = fc.constantFrom('minutes', 'hours', 'days', 'weeks', 'months')
const fromNow = fc.record({
  kind: fc.constant('now'),
  amount: fc.integer({ min: -40, max: 40 }),
  unit: fc.oneof(unitAgo, fc.constant('seconds')),
})

function otherDate(columns: readonly SourceColumn[]): fc.Arbitrary<unknown> {
  const names = columns.filter(({ type }) => type === 'date').map(({ name }) => name)
  return fc.constantFrom(...names).map((attribute) => ({ kind: 'attribute', attribute }))
}

function cellOf(cells: Cells): fc.Arbitrary<AttributeValue> {
  return fc.constantFrom(...cells.filter((value) => value !== null))
}

const step = fc.constantFrom(0, 0, 1, -1)

function nearText(cells: Cells): fc.Arbitrary<string> {
  return fc.oneof(cellOf(cells).map(String), text)
}

function nearNumber(cells: Cells): fc.Arbitrary<number> {
  return fc
    .tuple(fc.oneof(cellOf(cells).map(toDouble), fc.integer({ min: -4, max: 6 })), step)
    .map(([value, steps]) => value + steps * Math.abs(value) * Number.EPSILON)
    .filter(Number.isFinite)
}

function nearDate(cells: Cells): fc.Arbitrary<string> {
  return fc
    .tuple(cellOf(cells), step)
    .map(([value, ms]) => new Date((value instanceof Date ? value.getTime() : 0) + ms).toISOString())
}

function itemOf(cells: Cells): fc.Arbitrary<unknown> {
  const items = cells.flatMap((cell) => (Array.isArray(cell) ? cell : []))
  const plain = items.map((item) =>
    typeof item === 'string' || typeof item === 'boolean' ? item : toDouble(item),
  )
  return fc.constantFrom(...plain)
}
