/** Whatever stands in a record: it is planned, or rejected with the parameter and a reason that has none of it. */

import braze from '@sluice/connector-braze'
import { type AttributeType, type AttributeValue, attributeTypes, Decimal } from '@sluice/connector-sdk'
import duckdb from '@sluice/source-duckdb'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digest } from '../../server/templates/digest.ts'
import { type CompiledLane, compileLane } from '../compile.ts'
import { sourceDefaults } from '../documents.ts'
import { checkMappings } from '../mapping/check.ts'
import type { Mapping } from '../mapping/mapping.ts'
import { type Parameter, readParameters } from '../mapping/parameters.ts'
import { cut } from '../planning/cut.ts'
import { itemOf, type SendableItem } from './item.ts'
import { planGroups } from './plan-groups.ts'

/** In every text of a record, so that what repeats a piece of one is found. */
const canary = 'Canary7f3a'
const mebibyte = 1024 * 1024

const settings = { endpoint: 'https://rest.iad-01.braze.com' }
const types = Object.keys(braze.actions)

/** One mapping for each value and key of an action's parameters, each from a column of its own. */
function mappingsOf(parameters: Iterable<Parameter>): readonly Mapping[] {
  return [...parameters].flatMap((parameter) =>
    keysOf(parameter).map((key, index) => ({
      parameter: parameter.name,
      ...(key === undefined ? {} : { key }),
      from: { kind: 'attribute' as const, attribute: `${parameter.name}_${index}` },
    })),
  )
}

/** Keys that fit the free ones among Braze's groups: names of attributes, and ids of subscription groups. */
const freeKeys = ['plan', 'seats']

function keysOf(parameter: Parameter): readonly (string | undefined)[] {
  if (parameter.kind === 'value') return [undefined]
  const keys = parameter.keys.length === 0 ? freeKeys : parameter.keys
  if (parameter.kind === 'entries') return keys
  // Free keys below a repeated group, such as the properties of an event, lead into it.
  return keys.flatMap((key) =>
    parameter.field(`${key}.${freeKeys[0]}`) === undefined ? [key] : freeKeys.map((free) => `${key}.${free}`),
  )
}

const columnOf = (name: string, type: AttributeType) => ({
  ...{ name, type, nativeType: 'VARCHAR', nullable: true },
})

/** `prefer` turns the list of types, so that lanes differ in what their columns are declared as. */
function laneOf(type: string, prefer: number): CompiledLane {
  const action = braze.actions[type]
  if (action === undefined) throw new Error(`Braze has no action ${type}.`)
  const { parameters } = action
  const order = [...attributeTypes.slice(prefer), ...attributeTypes.slice(0, prefer)]
  const mapped = mappingsOf(readParameters(parameters).values()).flatMap((mapping) => {
    const name = mapping.from.kind === 'attribute' ? mapping.from.attribute : ''
    const column = order
      .map((each) => columnOf(name, each))
      .find((each) =>
        checkMappings([mapping], parameters, [each]).every(({ path }) => !path.startsWith('mappings[')),
      )
    return column === undefined ? [] : [{ mapping, column }]
  })
  const columns = [
    ...mapped.map(({ column }) => column),
    columnOf('changed_at', 'date'),
    columnOf('id', 'string'),
  ]
  const version = {
    number: 1,
    connections: [{ id: 'w', name: 'Warehouse', type: 'duckdb', settings: {} }],
    sources: [
      {
        ...{
          id: 'd',
          name: 'Records',
          connectionId: 'w',
          query: { kind: 'table' as const, name: 'records' },
        },
        ...{
          keyColumns: ['id'],
          cursorMode: 'TIMESTAMP_INCREMENTING' as const,
          timestampColumn: 'changed_at',
        },
        ...{ incrementColumn: 'id', timeZone: 'UTC', settleMs: 0, pollIntervalMs: 1_000, columns },
        ...sourceDefaults,
      },
    ],
    segments: [{ id: 's', name: 'All', conditions: { any: [] } }],
    connectors: [{ id: 'c', name: 'Braze', type: 'braze', isEnabled: true, settings }],
    actions: [
      {
        ...{ id: 'a', name: type, connectorId: 'c', dataSourceId: 'd', segmentId: 's', type, typeVersion: 1 },
        mappings: mapped.map(({ mapping }) => mapping),
        ...{ startFrom: 'BEGINNING' as const, retryDelaysMs: [60_000], retryForMs: 60_000, isEnabled: true },
        ...{ requestTimeoutMs: 10_000, applyWithinMs: null, templates: [], templateVariables: [] },
      },
    ],
  }
  const plugins = { source: () => duckdb, connector: () => braze }
  return compileLane(version, 'a', plugins, { digest }).inDelivery({
    id: '01900000-0000-7000-8000-000000000000',
    createdAt: 0,
    prepared: {},
  })
}

type Fate =
  | { readonly kind: 'planned' }
  | { readonly kind: 'rejected'; readonly code: string; readonly path: string }

/** What becomes of each row, once it is mapped, cut, planned and encoded. */
function fatesOf(lane: CompiledLane, rows: readonly (readonly AttributeValue[])[]): readonly Fate[] {
  const positions = ['1', '1']
  const columns = [...lane.attributes, ...positions].map((_, column) =>
    rows.map((row) => row[column] ?? positions[column - lane.attributes.length] ?? null),
  )
  const batch = { length: rows.length, columns }
  const fates = new Map<number, Fate>()
  const sendable: { readonly index: number; readonly item: SendableItem }[] = []
  for (const index of rows.keys()) {
    const item = itemOf(lane, batch, index)
    if (item?.kind === 'sendable') sendable.push({ index, item })
    if (item?.kind === 'rejected') {
      fates.set(index, { kind: 'rejected', code: item.fault.code, path: item.fault.path ?? '' })
    }
  }
  const limits = lane.actionDefinition.limits(lane.settings)
  const indexes = new Map(sendable.map(({ item, index }) => [item, index]))
  const deps = { lane, createdAt: Date.UTC(2026, 0, 2), itemKey: () => 'key', requestKey: () => 'key' }
  for (const slice of cut(
    sendable.map(({ item }) => item),
    limits,
  )) {
    for (const group of planGroups(deps, slice)) {
      for (const item of group.items) {
        const index = indexes.get(item) ?? -1
        fates.set(
          index,
          'rejected' in group ? { kind: 'rejected', code: group.rejected, path: '' } : { kind: 'planned' },
        )
      }
      if ('rejected' in group) continue
      const carried = new Set(group.requests.flatMap(({ request }) => request.parts.map(({ item }) => item)))
      expect(carried.size).toBe(group.items.length)
      for (const { body } of group.requests) {
        expect(new TextEncoder().encode(body.text ?? '').length).toBeLessThanOrEqual(limits.bytes)
        expect(body.text ?? '').not.toMatch(/\\ud[89a-f]/)
      }
    }
  }
  return rows.map((_, index) => fates.get(index) ?? { kind: 'rejected', code: 'vanished', path: '' })
}

/** Codes that speak of the record as a whole. */
const ofWhole = new Set(['too_large'])

function expectReason(fate: Fate): void {
  if (fate.kind === 'planned') return
  const { code, path } = fate
  expect(['connector_failed', 'validation_failed', 'invalid', 'vanished'], path).not.toContain(code)
  expect(code).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/)
  expect(path === '').toBe(ofWhole.has(code))
  expect(`${code} ${path}`).not.toContain(canary)
}

const wellFormed = fc.constantFrom(
  ...['', ' ', canary, `${canary}@example.com`, `+31 20 ${canary} 1234567`, 'F', 'subscribed', 'EUR'],
  ...[
    '2026-05-28',
    '2026-05-28T10:00:00Z',
    '2026-02-30',
    '99999-01-01',
    '12.5',
    '1e400',
    '007',
    'true',
    'NaN',
  ],
  ...['\u0000', '\u202e', '日本 😀', '__proto__', 'constructor', `{"a":"${canary}"}`, '['.repeat(100_000)],
  ...[`{"a":`.repeat(10_000), '9'.repeat(400), canary.repeat(2_000)],
)
const broken = fc.constantFrom('\ud83d', `${canary}\udc00`, `\ud83d${canary}`)
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1, 2 ** 53, 2 ** 53 + 2, Number.MAX_VALUE, 5e-324, Number.NaN, -Infinity, Infinity),
  fc.constantFrom(2n ** 53n + 1n, -(2n ** 63n), 10n ** 40n),
  fc
    .constantFrom('12.50', '0.1', '9007199254740993.5', '1e400', 'NaN', '-Infinity')
    .map((digits) => new Decimal(digits)),
)
const date = fc.oneof(
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(new Date(Number.NaN), new Date(8.64e15), new Date(-8.64e15), new Date(253402300800000)),
)
const single = fc.oneof(wellFormed, { weight: 1, arbitrary: broken }, number, fc.boolean(), date)
const list = fc.array(fc.oneof(fc.constant(null), wellFormed, broken, number, fc.boolean()), { maxLength: 4 })
const anyValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 3, arbitrary: single },
  { weight: 1, arbitrary: list },
)

describe.each(types)('a record for %s', (type) => {
  const lanes = attributeTypes.map((_, prefer) => laneOf(type, prefer))

  it('is planned or rejected with a reason, whatever its values are', () => {
    const seen = { planned: 0, rejected: 0 }
    const property = fc.property(
      fc.constantFrom(...lanes).chain((lane) => {
        const row = fc.array(anyValue, {
          minLength: lane.attributes.length,
          maxLength: lane.attributes.length,
        })
        // One in three has something in every place that is asked for, so that many get as far as a plan.
        const sparse = fc.tuple(row, fc.array(fc.nat(lane.attributes.length - 1), { maxLength: 3 }))
        const good = sparse.map(([odd, places]) =>
          lane.attributes.map((name, place) =>
            places.includes(place) ? (odd[place] ?? null) : fitting(type, name),
          ),
        )
        return fc.tuple(
          fc.constant(lane),
          fc.array(fc.oneof(row, good, good), { minLength: 1, maxLength: 8 }),
        )
      }),
      ([lane, rows]) => {
        for (const fate of fatesOf(lane, rows)) {
          expectReason(fate)
          seen[fate.kind] += 1
        }
      },
    )
    fc.assert(property, { numRuns: 150 })
    // Without these the property could hold for empty reasons.
    expect(seen.planned).toBeGreaterThan(20)
    expect(seen.rejected).toBeGreaterThan(20)
  })

  it('with a text of 10 MB anywhere does not hang and is not sent', () => {
    const lane = lanes[0]
    if (lane === undefined) throw new Error('No lane.')
    // What patterns are slow on, if they are: long runs, and runs that almost fit.
    const texts = ['a', ' ', '@', '1', `a@${'b.'.repeat(5)}`, '+31 '].map((piece) =>
      piece.repeat(Math.ceil((10 * mebibyte) / piece.length)),
    )
    for (const [place, name] of lane.attributes.entries()) {
      const text = texts[place % texts.length] ?? ''
      const row = lane.attributes.map((each) => (each === name ? text : fitting(type, each)))
      const [fate] = fatesOf(lane, [row])
      expect(fate, name).toMatchObject({ kind: expect.stringMatching(/planned|rejected/) })
      if (fate !== undefined) expectReason(fate)
    }
  })
})

/** Something that most parameters of the name take. */
function fitting(type: string, attribute: string): AttributeValue {
  const [name = ''] = attribute.split('_')
  // There it is a list of ids and states; elsewhere states by id.
  if (name === 'subscriptionGroups' && type.startsWith('track-user')) return null
  return good[name] ?? null
}

const good: Readonly<Record<string, AttributeValue>> = {
  externalId: `${canary}-1`,
  email: `${canary}@example.com`,
  campaignId: 'campaign-1',
  canvasId: 'canvas-1',
  catalogName: 'products',
  itemId: 'p-1',
  subscriptionGroupId: 'news',
  subscriptionState: 'subscribed',
  subscriptionGroups: 'subscribed',
  fields: canary,
  attributes: canary,
  aliasName: canary,
  aliasLabel: 'crm',
}

describe('arrays of one list', () => {
  const lane = laneOf('track-user', 0)
  const row = (values: Readonly<Record<string, AttributeValue>>) =>
    lane.attributes.map((name) => (name === 'externalId_0' ? '1' : (values[name] ?? null)))
  const keys = [...readParameters(lane.actionDefinition.parameters).values()].find(
    ({ name }) => name === 'events',
  )
  const column = (key: string) => {
    const at = keys === undefined ? -1 : keysOf(keys).indexOf(key)
    return `events_${at}`
  }

  it('are rejected where they are not of one length', () => {
    const values = {
      [column('name')]: ['a', 'b'],
      [column('time')]: ['2026-05-28', '2026-05-29', '2026-05-30'],
    }
    expect(fatesOf(lane, [row(values)])).toEqual([
      { kind: 'rejected', code: 'unequal_lengths', path: 'events' },
    ])
  })

  it('make nothing where they are empty', () => {
    const values = { [column('name')]: [], [column('time')]: [] }
    expect(fatesOf(lane, [row(values)])).toEqual([{ kind: 'planned' }])
  })
})
