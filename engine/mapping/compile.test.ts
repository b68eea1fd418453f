/** Rows as payloads: what is left out, what is zipped, and what a record is rejected for. */
import { type AttributeType, type AttributeValue, z } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { compileMapping } from './compile.ts'
import { fixedValues } from './fixed-value.ts'
import { mappingsSchema } from './mapping.ts'
import type { VersionMetadata } from './metadata.ts'
import { UnfitMappingsError } from './problem.ts'

const parameters = z
  .object({
    externalId: z.string().min(2).optional(),
    age: z.int().optional(),
    plan: z.enum(['free', 'paid'], { error: 'invalid_plan' }).default('free'),
    tags: z.array(z.string()).optional(),
    attributes: z.record(z.string(), z.unknown()).meta({ open: true }),
    events: z
      .array(
        z.object({
          name: z.string(),
          price: z.number().optional(),
          labels: z.array(z.string()).optional(),
          properties: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .optional()
      .meta({ repeated: true }),
  })
  .refine(({ externalId }) => externalId !== 'blocked', {
    params: { code: 'blocked_user' },
    path: ['externalId'],
  })

const fixed = fixedValues(
  {
    'connector.id': 'c',
    'connector.name': 'Acme',
    'action.id': 'a',
    'action.name': 'Add',
    'segment.id': 's',
    'segment.name': 'Some',
    'version.number': 7,
  },
  { id: 'd', createdAt: Date.UTC(2026, 4, 28, 10), prepared: { listId: '12' } },
)

const moment = { createdAt: 0, uuid: () => '' }

/** Each cell: where it goes, its type and its value; a constant has no type, metadata and outputs go by name. */
type Cell = readonly [
  place: string,
  type: AttributeType | 'constant' | 'metadata' | 'prepared',
  value: AttributeValue,
]

function map(...cells: readonly Cell[]) {
  const mappings = mappingsSchema.parse(
    cells.map(([place, type, value], index) => {
      const [parameter = '', ...key] = place.split(':')
      const from = originOf(type, value, index)
      return { parameter, from, ...(key.length === 0 ? {} : { key: key.join(':') }) }
    }),
  )
  const columns = cells.map(([, type], index) => ({
    name: `c${index}`,
    type: type === 'constant' || type === 'metadata' || type === 'prepared' ? 'string' : type,
  }))
  // The row that is asked for is the second one.
  const rows = cells.map(([, , value]) => [null, value])
  return compileMapping(mappings, { parameters, outputs: ['listId'] }, columns)(fixed, moment)(rows, 1)
}

function originOf(type: Cell[1], value: AttributeValue, index: number): object {
  switch (type) {
    case 'constant':
      return { kind: type, value }
    case 'metadata':
      return { kind: type, field: value }
    case 'prepared':
      return { kind: type, output: value }
    default:
      return { kind: 'attribute', attribute: `c${index}` }
  }
}

const payload = (expected: object) => ({ ok: true, payload: { plan: 'free', attributes: {}, ...expected } })
const problems = (...expected: readonly (readonly [string, string])[]) => ({
  ok: false,
  problems: expected.map(([code, path]) => ({ code, path })),
})

describe('compileMapping', () => {
  it('fills parameters from attributes and constants in the form that they want', () => {
    const result = map(
      ['externalId', 'number', 9007199254740993n],
      ['age', 'string', '41'],
      ['tags', 'string', 'a'],
      ['plan', 'constant', 'paid'],
    )
    expect(result).toEqual(payload({ externalId: '9007199254740993', age: 41, tags: ['a'], plan: 'paid' }))
  })

  it('leaves out what is null and lets defaults stand in', () => {
    const result = map(
      ['externalId', 'string', null],
      ['plan', 'string', null],
      ['attributes:a', 'date', null],
    )
    expect(result).toEqual(payload({}))
    expect(result.ok && Object.keys(result.payload)).toEqual(['plan', 'attributes'])
  })

  it('fills an open group by name, dots included, with natural JSON', () => {
    const result = map(
      ['attributes:a.b', 'number', 7n],
      ['attributes:when', 'date', new Date(0)],
      ['attributes:list', 'numberArray', [1, null]],
      ['attributes:constructor', 'constant', true],
      ['attributes:none', 'string', null],
    )
    const attributes = { 'a.b': 7, when: '1970-01-01T00:00:00.000Z', list: [1, null], constructor: true }
    expect(result).toEqual(payload({ attributes }))
  })

  it('reports every value that does not convert, by its place and without the value', () => {
    const result = map(
      ['age', 'string', 'canary'],
      ['tags', 'numberArray', [1, Number.NaN]],
      ['attributes:a.b', 'number', Number.POSITIVE_INFINITY],
      ['events:price', 'stringArray', ['1', 'canary']],
      ['events:name', 'constant', 'x'],
    )
    expect(result).toEqual(
      problems(
        ['not_a_number', 'age'],
        ['not_a_json_number', 'tags.1'],
        ['not_a_json_number', 'attributes.a.b'],
        ['not_a_number', 'events.price.1'],
      ),
    )
    expect(JSON.stringify(result)).not.toContain('canary')
  })

  it('reports what the schema refuses: its own codes, else the kind of issue', () => {
    expect(map(['externalId', 'string', 'x'], ['plan', 'string', 'gold'])).toEqual(
      problems(['invalid_too_small', 'externalId'], ['invalid_plan', 'plan']),
    )
    expect(map(['externalId', 'string', 'blocked'])).toEqual(problems(['blocked_user', 'externalId']))
    expect(map(['events:price', 'numberArray', [1, 2]])).toEqual(
      problems(['invalid_invalid_type', 'events.0.name'], ['invalid_invalid_type', 'events.1.name']),
    )
  })

  it('fills parameters from what is known of the delivery', () => {
    expect(
      map(
        ['externalId', 'metadata', 'delivery.id'],
        ['age', 'metadata', 'version.number'],
        ['tags', 'metadata', 'segment.name'],
        ['attributes:version', 'metadata', 'version.number'],
        ['attributes:at', 'metadata', 'time'],
        ['attributes:list', 'prepared', 'listId'],
      ),
    ).toEqual(problems(['invalid_too_small', 'externalId']))
    expect(
      map(
        ['externalId', 'metadata', 'connector.name'],
        ['age', 'prepared', 'listId'],
        ['tags', 'metadata', 'segment.name'],
        ['attributes:version', 'metadata', 'version.number'],
        ['attributes:at', 'metadata', 'time'],
      ),
    ).toEqual(
      payload({
        externalId: 'Acme',
        age: 12,
        tags: ['Some'],
        attributes: { version: 7, at: '2026-05-28T10:00:00.000Z' },
      }),
    )
  })

  it('leaves out what was not prepared', () => {
    const mappings = mappingsSchema.parse([
      { parameter: 'externalId', from: { kind: 'prepared', output: 'listId' } },
    ])
    const unprepared = fixedValues({} as VersionMetadata, { id: 'd', createdAt: 0, prepared: {} })
    const mapRow = compileMapping(mappings, { parameters, outputs: ['listId'] }, [])(unprepared, moment)
    expect(mapRow([], 0)).toEqual(payload({}))
  })

  it('refuses to compile mappings that do not fit', () => {
    expect(() => map(['attributes:__proto__', 'string', 'x'])).toThrow(UnfitMappingsError)
    expect(() => map(['unknown', 'string', 'x'])).toThrow(UnfitMappingsError)
  })

  it('turns a schema that throws or waits into a problem without its words', () => {
    const throwing = z.object({ a: z.string().refine((value) => JSON.parse(value) === null) })
    const waiting = z.object({ a: z.string().refine(async () => true) })
    const mappings = mappingsSchema.parse([{ parameter: 'a', from: { kind: 'attribute', attribute: 'c' } }])
    for (const schema of [throwing, waiting]) {
      const columns = [{ name: 'c', type: 'string' as const }]
      const mapping = compileMapping(mappings, { parameters: schema }, columns)(fixed, moment)
      expect(mapping([['canary']], 0)).toEqual(problems(['validation_failed', '']))
    }
  })
})

describe('a repeated group', () => {
  it('zips lists into entries, repeats single values and nests dotted keys', () => {
    const result = map(
      ['events:name', 'stringArray', ['buy', 'sell']],
      ['events:price', 'numberArray', [1n, 2]],
      ['events:properties.at', 'date', new Date(0)],
      ['events:properties.channel', 'constant', 'web'],
      ['events:labels', 'stringArray', ['a', 'b']],
    )
    const properties = { at: '1970-01-01T00:00:00.000Z', channel: 'web' }
    expect(result).toEqual(
      payload({
        events: [
          { name: 'buy', price: 1, properties, labels: ['a'] },
          { name: 'sell', price: 2, properties, labels: ['b'] },
        ],
      }),
    )
  })

  it('makes one entry of single values', () => {
    expect(map(['events:name', 'string', 'buy'], ['events:price', 'number', 5])).toEqual(
      payload({ events: [{ name: 'buy', price: 5 }] }),
    )
    expect(map(['events:name', 'constant', 'buy'])).toEqual(payload({ events: [{ name: 'buy' }] }))
    expect(map(['events:name', 'metadata', 'action.name'])).toEqual(payload({ events: [{ name: 'Add' }] }))
  })

  it('lets metadata go along with what a record has', () => {
    const cells = (names: AttributeValue): readonly Cell[] => [
      ['events:name', 'stringArray', names],
      ['events:properties.segment', 'metadata', 'segment.name'],
    ]
    const properties = { segment: 'Some' }
    expect(map(...cells(['buy', 'sell']))).toEqual(
      payload({ events: ['buy', 'sell'].map((name) => ({ name, properties })) }),
    )
    expect(map(...cells(null))).toEqual(payload({}))
  })

  it('leaves out nulls, and objects of which nothing is there', () => {
    const result = map(
      ['events:name', 'stringArray', ['buy', 'sell']],
      ['events:price', 'numberArray', [null, 2]],
      ['events:properties.a', 'stringArray', ['x', null]],
      ['events:properties.b', 'string', null],
    )
    expect(result).toEqual(
      payload({
        events: [
          { name: 'buy', properties: { a: 'x' } },
          { name: 'sell', price: 2 },
        ],
      }),
    )
  })

  it.each<readonly [string, readonly Cell[]]>([
    [
      'every attribute is null',
      [
        ['events:name', 'stringArray', null],
        ['events:price', 'number', null],
      ],
    ],
    [
      'every attribute is null beside a constant',
      [
        ['events:name', 'constant', 'x'],
        ['events:price', 'number', null],
      ],
    ],
    [
      'the lists are empty',
      [
        ['events:name', 'constant', 'x'],
        ['events:price', 'numberArray', []],
      ],
    ],
  ])('is absent when %s', (_, cells) => {
    expect(map(...cells)).toEqual(payload({}))
  })

  it('rejects a record whose lists differ in length', () => {
    const result = map(['events:name', 'stringArray', ['a', 'b']], ['events:price', 'numberArray', [1]])
    expect(result).toEqual(problems(['unequal_lengths', 'events']))
    expect(map(['events:name', 'stringArray', ['a']], ['events:price', 'numberArray', []])).toEqual(
      problems(['unequal_lengths', 'events']),
    )
  })

  it('keeps names like constructor as plain data', () => {
    const result = map(
      ['events:name', 'string', 'x'],
      ['events:properties.constructor.prototype.y', 'string', 'z'],
    )
    expect(JSON.stringify(result)).toContain('"properties":{"constructor":{"prototype":{"y":"z"}}}')
    expect(Reflect.get(Object.prototype, 'y')).toBeUndefined()
  })
})
