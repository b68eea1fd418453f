/** Whatever a configuration is, the working copy that is made of it has the same documents again. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cursorModes } from '../../engine/documents.ts'
import type { Schedule } from '../../engine/reading/schedule.ts'
import { createTestApp, type TestApp } from '../../test/harness/app.ts'
import { entriesOf } from './documents.ts'
import type { Documents } from './rules.ts'
import { readWorkingCopy } from './working-copy.ts'
import { writeWorkingCopy } from './write-working-copy.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const nothing: Documents = { connections: [], sources: [], segments: [], connectors: [], actions: [] }

/** Few ids and few names, so that two configurations share some, and swap some. */
const pool = Array.from({ length: 4 }, () => ({
  connection: randomUUID(),
  source: randomUUID(),
  segment: randomUUID(),
  connector: randomUUID(),
  action: randomUUID(),
  template: randomUUID(),
}))
const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((each) => !each.includes('\0'))
const name = text.filter((each) => each !== '' && each !== '__proto__')
const count = fc.integer({ min: 1, max: 100_000 })
const settings = fc.dictionary(
  name,
  fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
  { maxKeys: 4 },
)
const some = <Value>(values: readonly Value[]) => fc.subarray([...values])

function list<Fields extends object>(
  kind: 'connection' | 'source' | 'segment' | 'connector',
  fields: fc.Arbitrary<Fields>,
) {
  return fc
    .uniqueArray(
      fc.record({ slot: fc.nat({ max: 3 }), name: fc.constantFrom('a', 'b', 'c', 'd', 'ß é'), fields }),
      {
        minLength: 1,
        maxLength: 4,
        selector: ({ slot }) => slot,
      },
    )
    .map((each) =>
      each.map(({ slot, name: given, fields: more }, index) => {
        const isTaken = each.slice(0, index).some((other) => other.name === given)
        return { id: pool[slot]?.[kind] ?? '', name: isTaken ? `${given} ${slot}` : given, ...more }
      }),
    )
}

const connections = list('connection', fc.record({ type: name, settings }))
const sources = list(
  'source',
  fc.record({
    query: fc.oneof(
      fc.record({ kind: fc.constant('table' as const), name }),
      fc.record({
        kind: fc.constant('table' as const),
        name,
        schema: name,
        columns: fc.array(name),
        where: text,
      }),
      fc.record({ kind: fc.constant('sql' as const), sql: text }),
    ),
    keyColumns: fc.array(name, { minLength: 1, maxLength: 3 }),
    cursorMode: fc.constantFrom(...cursorModes),
    timestampColumn: fc.option(name),
    incrementColumn: fc.option(name),
    timeZone: fc.constantFrom('UTC', 'Europe/Amsterdam'),
    settleMs: count,
    pollIntervalMs: count,
    schedule: fc.constantFrom<Schedule[]>(
      { kind: 'CONTINUOUS' },
      { kind: 'WEEKLY', day: 'MONDAY', hour: 6, minute: 30, timeZone: null },
      { kind: 'CRON', expression: '30 6 * * 1-5', timeZone: 'Europe/Amsterdam' },
    ),
    batchRows: fc.option(count),
    resyncLimit: fc.option(count),
    isEnabled: fc.boolean(),
    columns: fc.array(
      fc.record({
        name,
        type: fc.constantFrom('string' as const, 'number' as const),
        nativeType: name,
        nullable: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
    ignoredColumns: fc.array(name, { maxLength: 2 }),
  }),
)
const connectors = list('connector', fc.record({ type: name, settings, isEnabled: fc.boolean() }))
const group = fc.record({
  all: fc.array(fc.record({ attribute: name, operator: fc.constant('contains' as const), value: name }), {
    minLength: 1,
    maxLength: 2,
  }),
})
const segments = list(
  'segment',
  fc.record(
    {
      conditions: fc.record(
        { any: fc.array(group, { maxLength: 2 }), exclude: fc.array(group, { maxLength: 2 }) },
        { requiredKeys: ['any'] },
      ),
      rescan: fc.constantFrom({ kind: 'HOURLY' as const }, { kind: 'DAILY' as const, hour: 3 }),
    },
    { requiredKeys: ['conditions'] },
  ),
)

const template = fc.record(
  {
    name: fc.constantFrom('A', 'B', 'C'),
    kind: fc.constantFrom('body' as const, 'urlParameters' as const),
    source: text,
    format: fc.constant('json' as const),
  },
  { requiredKeys: ['name', 'kind', 'source'] },
)
const actionFields = fc.record({
  type: name,
  typeVersion: count,
  mappings: fc.array(
    fc.record(
      {
        parameter: name,
        key: name,
        from: fc.oneof(
          fc.record({ kind: fc.constant('attribute' as const), attribute: name }),
          fc.record({ kind: fc.constant('constant' as const), value: fc.oneof(text, count, fc.boolean()) }),
        ),
      },
      { requiredKeys: ['parameter', 'from'] },
    ),
    { maxLength: 3 },
  ),
  templateVariables: fc.array(fc.record({ name, attribute: name }), { maxLength: 2 }),
  startFrom: fc.constantFrom('BEGINNING' as const, 'NOW' as const),
  retryDelaysMs: fc.array(count, { maxLength: 3 }),
  retryForMs: count,
  requestTimeoutMs: count,
  applyWithinMs: fc.option(count),
  isEnabled: fc.boolean(),
})

const documents: fc.Arbitrary<Documents> = fc
  .record({ connections, sources, segments, connectors })
  .chain((parts) => {
    const ids = (each: readonly { readonly id: string }[]) => fc.constantFrom(...each.map(({ id }) => id))
    const action = fc.record({
      slot: fc.nat({ max: 3 }),
      fields: actionFields,
      connectorId: ids(parts.connectors),
      dataSourceId: ids(parts.sources),
      segmentId: ids(parts.segments),
      templates: fc.uniqueArray(template, { maxLength: 2, selector: (each) => each.name }),
    })
    return fc.record({
      connections: fc.constant(parts.connections),
      sources: fc.tuple(
        ...parts.sources.map((source) =>
          ids(parts.connections).map((connectionId) => ({ ...source, connectionId })),
        ),
      ),
      connectors: fc.constant(parts.connectors),
      segments: fc.tuple(
        ...parts.segments.map((segment) =>
          some(parts.sources.map(({ id }) => id)).map((dataSourceIds) => ({
            ...segment,
            dataSourceIds: dataSourceIds.toSorted(),
          })),
        ),
      ),
      actions: fc.uniqueArray(action, { maxLength: 4, selector: ({ slot }) => slot }).map((each) =>
        each.map(({ slot, fields, templates, ...links }, index) => ({
          id: pool[slot]?.action ?? '',
          name: `action ${index}`,
          ...links,
          ...fields,
          // An id belongs to one action; a template may be renamed.
          templates: templates
            .map((one) => ({ ...one, id: templateId(slot, one.kind) }))
            .filter((one, place, all) => all.findIndex(({ id }) => id === one.id) === place)
            .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
        })),
      ),
    })
  })

function templateId(slot: number, kind: string): string {
  const id = pool[slot]?.template ?? ''
  return kind === 'body' ? id : `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`
}

const hashes = (each: Documents) =>
  entriesOf(each)
    .map(({ kind, id, hash }) => `${kind}/${id}/${hash}`)
    .toSorted()

test('working copy → documents → working copy, through any sequence of configurations', {
  timeout: 60_000,
}, async () => {
  const { id: workspaceId } = await app.db.workspace.create({
    data: { name: 'Round trip', wrappedKey: app.deps.keyring.createWrappedKey() },
  })
  let present = nothing
  await fc.assert(
    fc.asyncProperty(documents, async (wanted) => {
      const found = await app.db.$transaction(async (tx) => {
        await writeWorkingCopy(tx, workspaceId, present, wanted)
        return readWorkingCopy(tx, workspaceId)
      })
      present = found.documents
      expect(found.problems).toEqual([])
      expect(hashes(found.documents)).toEqual(hashes(wanted))
    }),
    { numRuns: 60 },
  )
})
