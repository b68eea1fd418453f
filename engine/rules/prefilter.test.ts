/** The SQL of conditions: parameters, folding, and no value in the text. That it is sound is tested on a database. */
import type { Dialect, SourceColumn } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { conditionsSchema } from './conditions.ts'
import { compilePrefilter } from './prefilter.ts'

const dialect: Dialect = {
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  parameter: (index, nativeType) => `$${index}::${nativeType}`,
  text: (expression) => `text(${expression})`,
  value: (expression, column, timeZone) =>
    column.type === 'date' ? `(${expression} AT TIME ZONE '${timeZone}')` : expression,
  contains: (expression, parameter) => `contains(${expression}, ${parameter})`,
  startsWith: (expression, parameter) => `starts(${expression}, ${parameter})`,
  endsWith: (expression, parameter) => `ends(${expression}, ${parameter})`,
  nativeType: (type) => ({ string: 'TEXT', number: 'DOUBLE', boolean: 'BOOL', date: 'TSTZ' })[type],
}

const columns: readonly SourceColumn[] = [
  { name: 'name', type: 'string', nativeType: 'TEXT', nullable: true },
  { name: 'count', type: 'number', nativeType: 'BIGINT', nullable: true },
  { name: 'price', type: 'number', nativeType: 'DECIMAL(18,2)', nullable: true },
  { name: 'ok', type: 'boolean', nativeType: 'BOOL', nullable: true },
  { name: 'at', type: 'date', nativeType: 'TIMESTAMP', nullable: true },
  { name: 'seen', type: 'date', nativeType: 'TIMESTAMP_NS', nullable: true },
]

const now = Date.parse('2024-05-01T00:00:00Z')

const compileTree = (tree: unknown, firstParameter = 1) =>
  compilePrefilter(conditionsSchema.parse(tree), columns, dialect, { timeZone: 'UTC', now, firstParameter })

const compile = (any: unknown, firstParameter = 1) => compileTree({ any }, firstParameter)

const one = (attribute: string, operator: string, value?: unknown, options: object = {}) =>
  compile([{ all: [{ attribute, operator, ...(value === undefined ? {} : { value }), ...options }] }])

describe('compilePrefilter', () => {
  it('asks nothing when there are no conditions', () => {
    expect(compile([])).toEqual({ sql: 'TRUE', parameters: [], isExact: true })
  })

  it('numbers its parameters from the first one given, in the order of the text', () => {
    const prefilter = compile(
      [
        {
          all: [
            { attribute: 'name', operator: 'startsWith', value: 'a' },
            { attribute: 'count', operator: 'greaterThan', value: 3 },
          ],
        },
        { all: [{ attribute: 'at', operator: 'before', value: '2024-01-01' }] },
      ],
      5,
    )
    expect(prefilter).toMatchInlineSnapshot(`
      {
        "isExact": true,
        "parameters": [
          "a",
          "3",
          "2024-01-01T00:00:00.000Z",
        ],
        "sql": "((starts(text("name"), $5::TEXT) AND CAST("count" AS DOUBLE) > $6::DOUBLE) OR (CAST(("at" AT TIME ZONE 'UTC') AS TSTZ) < $7::TSTZ))",
      }
    `)
  })

  it.each([
    [
      'name',
      'equals',
      'x',
      '(text("name") = $1::TEXT AND starts(text("name"), $2::TEXT) AND ends(text("name"), $3::TEXT))',
    ],
    [
      'name',
      'notEquals',
      'x',
      '((text("name") IS NULL OR NOT (text("name") = $1::TEXT AND starts(text("name"), $2::TEXT) AND ends(text("name"), $3::TEXT))))',
    ],
    ['name', 'notContains', 'x', '(("name" IS NULL OR NOT contains(text("name"), $1::TEXT)))'],
    ['name', 'isNotAssigned', undefined, '("name" IS NULL)'],
    ['name', 'isAssigned', undefined, '("name" IS NOT NULL)'],
    ['count', 'notEquals', 5, '((CAST("count" AS DOUBLE) IS NULL OR CAST("count" AS DOUBLE) <> $1::DOUBLE))'],
    ['ok', 'isFalse', undefined, '("ok" = $1::BOOL)'],
    [
      'at',
      'isNotAssigned',
      undefined,
      `((("at" AT TIME ZONE 'UTC') IS NULL OR CAST(("at" AT TIME ZONE 'UTC') AS TSTZ) < $1::TSTZ OR CAST(("at" AT TIME ZONE 'UTC') AS TSTZ) > $2::TSTZ))`,
    ],
  ])('writes %s %s %s', (attribute, operator, value, sql) => {
    expect(one(attribute, operator, value).sql).toBe(sql)
  })

  it.each([
    ['count', 'equals', 5, ['5', '5']],
    ['count', 'lessThan', 2 ** 60, ['1152921504606851000']],
    ['price', 'equals', 5, ['4.999999999999982', '5.000000000000018']],
    ['price', 'lessThanOrEqual', -5, ['-4.999999999999982']],
    ['price', 'greaterThan', 0, ['0']],
    ['ok', 'isTrue', undefined, ['true']],
    ['at', 'after', '2024-01-01T00:00:00.0009+02:00', ['2023-12-31T22:00:00.001Z']],
    ['at', 'onOrBefore', { kind: 'now', amount: -1, unit: 'months' }, ['2024-04-01T00:00:00.001Z']],
    [
      'at',
      'occurredLessThanAgo',
      { amount: 1, unit: 'days' },
      ['2024-04-30T00:00:00.001Z', '2024-05-01T00:00:00.001Z'],
    ],
  ])(
    'binds for %s %s %s, with room where doubles may differ, %j',
    (attribute, operator, value, parameters) => {
      expect(one(attribute, operator, value).parameters).toEqual(parameters)
    },
  )

  it.each([
    ['price', 'notEquals', 5],
    ['count', 'notEquals', 2 ** 53],
    ['name', 'notEquals', ' '],
    ['price', 'lessThan', Number.MAX_VALUE],
    ['name', 'matches', 'a'],
    ['name', 'contains', 'a', { ignoreCase: true }],
    ['at', 'onOrBefore', { kind: 'attribute', attribute: 'seen' }],
    ['at', 'after', '9999-12-31T23:59:59.999Z'],
  ])(
    'asks nothing where no sound question exists: %s %s %s',
    (attribute, operator, value, options: object = {}) => {
      expect(one(attribute, operator, value, options)).toEqual({
        sql: 'TRUE',
        parameters: [],
        isExact: false,
      })
    },
  )

  it('leaves out of a group what can only be true, and binds nothing for a group that can only be true', () => {
    const unaskable = { attribute: 'price', operator: 'notEquals', value: 5 }
    const named = { attribute: 'name', operator: 'contains', value: 'x' }
    expect(compile([{ all: [unaskable, named] }])).toEqual({
      sql: '(contains(text("name"), $1::TEXT))',
      parameters: ['x'],
      isExact: false,
    })
    expect(compile([{ all: [named] }, { all: [unaskable] }])).toEqual({
      sql: 'TRUE',
      parameters: [],
      isExact: false,
    })
  })

  it('takes out what is excluded only where it says so exactly', () => {
    const isOk = { attribute: 'ok', operator: 'isTrue' }
    const named = { attribute: 'name', operator: 'startsWith', value: 'x' }
    const priced = { attribute: 'price', operator: 'lessThan', value: 5 }
    expect(compileTree({ any: [{ all: [isOk] }], exclude: [{ all: [named, isOk] }] })).toEqual({
      sql: '("ok" = $1::BOOL) AND NOT COALESCE((starts(text("name"), $2::TEXT) AND "ok" = $3::BOOL), FALSE)',
      parameters: ['true', 'x', 'true'],
      isExact: true,
    })
    expect(compileTree({ any: [], exclude: [{ all: [named, priced] }, { all: [isOk] }] })).toEqual({
      sql: 'NOT COALESCE(("ok" = $1::BOOL), FALSE)',
      parameters: ['true'],
      isExact: false,
    })
  })

  it('never writes a value into the SQL', () => {
    const canary = "canary'); DROP TABLE t; --"
    const texts = ['equals', 'notEquals', 'contains', 'notContains', 'startsWith', 'endsWith']
    for (const operator of texts) {
      const { sql, parameters } = one('name', operator, canary)
      expect(sql).not.toContain('canary')
      expect(new Set(parameters)).toEqual(new Set([canary]))
    }
  })
})
