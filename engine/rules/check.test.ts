/** Conditions against the columns of a source. */
import { attributeTypes } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { checkConditions, UnfitConditionsError } from './check.ts'
import { type Conditions, conditionsSchema } from './conditions.ts'
import { operators } from './operators.ts'
import { compilePredicate } from './predicate.ts'

const columns = attributeTypes.map((type) => ({ name: type, type }))

const values: Readonly<Record<string, unknown>> = {
  equals: 'x',
  notEquals: 'x',
  lessThan: 1,
  lessThanOrEqual: 1,
  greaterThan: 1,
  greaterThanOrEqual: 1,
  contains: 'x',
  notContains: 'x',
  startsWith: 'x',
  endsWith: 'x',
  matches: 'x',
  before: '2024-01-01',
  onOrBefore: '2024-01-01',
  after: '2024-01-01',
  onOrAfter: '2024-01-01',
  occurredLessThanAgo: { amount: 1, unit: 'days' },
  occurredMoreThanAgo: { amount: 1, unit: 'days' },
  containsItem: 'x',
  notContainsItem: 'x',
  itemContains: 'x',
  noItemContains: 'x',
  itemStartsWith: 'x',
  itemEndsWith: 'x',
  containsOnly: true,
}

/** A value that fits the type, for operators that take several. */
const valueFor = (operator: string, type: string): unknown => {
  if (operator.endsWith('quals')) return type === 'number' ? 1 : 'x'
  if (!operator.endsWith('ontainsItem')) return values[operator]
  return type === 'numberArray' ? 1 : type === 'booleanArray' ? true : 'x'
}

function one(attribute: string, operator: string, value: unknown = values[operator]): Conditions {
  const condition = { attribute, operator, ...(value === undefined ? {} : { value }) }
  return conditionsSchema.parse({ any: [{ all: [condition] }] })
}

describe('checkConditions', () => {
  const pairs = Object.entries(operators).flatMap(([operator, { fits }]) =>
    attributeTypes.map((type) => ({ operator, type, doesFit: (fits as readonly string[]).includes(type) })),
  )
  it.each(pairs)('finds that $operator on $type fits: $doesFit', ({ operator, type, doesFit }) => {
    const conditions = one(type, operator, valueFor(operator, type))
    const codes = checkConditions(conditions, columns).map(({ code }) => code)
    expect(codes).toEqual(doesFit ? [] : ['operator_does_not_fit'])
  })

  it('finds every problem at once and says where each is and what to do', () => {
    const conditions = conditionsSchema.parse({
      any: [
        { all: [{ attribute: 'nubmer', operator: 'isAssigned' }] },
        {
          all: [
            { attribute: 'number', operator: 'equals', value: 1 },
            { attribute: 'number', operator: 'equals', value: 'one' },
            { attribute: 'boolean', operator: 'contains', value: 'x' },
          ],
        },
      ],
    })
    expect(checkConditions(conditions, columns)).toMatchInlineSnapshot(`
      [
        {
          "code": "unknown_attribute",
          "message": "The data source has no column "nubmer". Did you mean "number"?",
          "path": "any[0].all[0].attribute",
        },
        {
          "code": "value_does_not_fit",
          "message": ""number" is a number: compare it with a number.",
          "path": "any[1].all[1].value",
        },
        {
          "code": "operator_does_not_fit",
          "message": ""contains" does not work on "boolean", which is true or false. Use one of isAssigned, isNotAssigned, isTrue, isFalse.",
          "path": "any[1].all[2].operator",
        },
      ]
    `)
  })

  it.each([
    ['number', 'equals', 1, { ignoreCase: true }, 'any[0].all[0].ignoreCase', 'option_does_not_fit'],
    ['numberArray', 'containsItem', 'x', {}, 'any[0].all[0].value', 'value_does_not_fit'],
    ['booleanArray', 'notContainsItem', 1, {}, 'any[0].all[0].value', 'value_does_not_fit'],
    [
      'date',
      'after',
      { kind: 'attribute', attribute: 'dat' },
      {},
      'any[0].all[0].value.attribute',
      'unknown_attribute',
    ],
    [
      'date',
      'after',
      { kind: 'attribute', attribute: 'string' },
      {},
      'any[0].all[0].value.attribute',
      'value_does_not_fit',
    ],
  ])('finds on %s that %s does not go with %j %j', (attribute, operator, value, options, path, code) => {
    const conditions = conditionsSchema.parse({
      any: [{ all: [{ attribute, operator, value, ...options }] }],
    })
    expect(checkConditions(conditions, columns)).toEqual([{ path, code, message: expect.any(String) }])
  })

  it('finds problems in what is excluded', () => {
    const exclude = [{ all: [{ attribute: 'nope', operator: 'isAssigned' }] }]
    expect(checkConditions(conditionsSchema.parse({ any: [], exclude }), columns)).toMatchObject([
      { path: 'exclude[0].all[0].attribute', code: 'unknown_attribute' },
    ])
  })

  it('is asked again when conditions are compiled', () => {
    expect(() => compilePredicate(one('nubmer', 'isAssigned'), columns)).toThrow(UnfitConditionsError)
  })
})
