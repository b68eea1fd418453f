/** A version's action as a runnable lane, or a typed word why it can't run. */
import type { MappingMigration } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { digest } from '../server/templates/digest.ts'
import { memoryConnection, memorySource, memorySourceDocument } from '../test/harness/memory-source.ts'
import { createPassScene } from '../test/harness/pass-scene.ts'
import { testConnector } from '../test/harness/test-connector.ts'
import { compileLane, LaneNotRunnableError, type Plugins } from './compile.ts'
import type { VersionDocuments } from './documents.ts'

const { action } = createPassScene({ rows: [] }).lane
const version: VersionDocuments = {
  number: 7,
  connections: [memoryConnection],
  sources: [memorySourceDocument],
  segments: [
    {
      id: action.segmentId,
      name: 'Some',
      conditions: {
        any: [
          { all: [{ attribute: 'value', operator: 'startsWith', value: 'v' }] },
          { all: [{ attribute: 'id', operator: 'greaterThan', value: 5 }] },
        ],
      },
    },
  ],
  connectors: [
    { id: action.connectorId, name: 'Test', type: 'test', settings: { region: 'eu' }, isEnabled: true },
  ],
  actions: [action],
}
const delivery = { id: 'd', createdAt: Date.UTC(2026, 4, 28, 10), prepared: {} }
const plugins: Plugins = { source: () => memorySource, connector: () => testConnector }

/** The same plugins, with a second version of the action's type. */
function withMigration(migrate?: MappingMigration): Plugins {
  const definition = testConnector.actions[action.type]
  if (definition === undefined) throw new Error('no such type')
  const migrations = migrate === undefined ? {} : { migrations: { 1: migrate } }
  const newer = { ...definition, version: 2, ...migrations }
  return {
    ...plugins,
    connector: () => ({ ...testConnector, actions: { ...testConnector.actions, [action.type]: newer } }),
  }
}

function codeOf(changes: Partial<VersionDocuments>, given = plugins, id = action.id): string {
  try {
    compileLane({ ...version, ...changes }, id, given, { digest })
  } catch (error) {
    if (error instanceof LaneNotRunnableError) return error.code
    throw error
  }
  return 'runnable'
}

describe('a lane', () => {
  const lane = compileLane(version, action.id, plugins, { digest })

  it('reads what its templates read, and renders the same UUID again in the same delivery', () => {
    const templates = [{ name: 'T', kind: 'custom' as const, source: '{{value}} {{uuid}}' }]
    const [user] = action.mappings
    if (user === undefined) throw new Error('no mapping')
    const mappings = [user, { parameter: 'value', from: { kind: 'template' as const, template: 'T' } }]
    const changed = { ...version, actions: [{ ...action, mappings, templates }] }
    const templated = compileLane(changed, action.id, plugins, { digest })
    expect(templated.attributes).toEqual(['value', 'id', 'user'])
    const columns = [
      ['v', 'v'],
      [7, 7],
      ['ann', 'ann'],
      ['10', '10'],
      ['1', '2'],
    ]
    const rendered = (id: string, row: number) => {
      const mapped = templated.inDelivery({ ...delivery, id }).map(columns, row)
      return mapped.ok ? mapped.payload['value'] : mapped.problems
    }
    expect(rendered('d', 0)).toMatch(
      /^v [0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(rendered('d', 0)).toBe(rendered('d', 0))
    expect(rendered('d', 1)).not.toBe(rendered('d', 0))
    expect(rendered('e', 0)).not.toBe(rendered('d', 0))
    const broken = [{ name: 'T', kind: 'custom' as const, source: '{{#value}}' }]
    expect(codeOf({ actions: [{ ...action, templates: broken }] })).toBe('unfit_templates')
  })

  it('reads each attribute once: those of the segment, then those of the mappings', () => {
    expect(lane.attributes).toEqual(['value', 'id', 'user'])
  })

  it('finds the position behind the attributes', () => {
    const columns = [['v'], [9], ['u'], ['10'], ['9']]
    expect(lane.positionLength).toBe(2)
    expect(lane.positionOf(columns, 0)).toEqual(['10', '9'])
  })

  it('asks the segment about the attributes where they were read', () => {
    expect(lane.matchesAt(0)([['x'], [9], ['u']], 0)).toBe(true)
    expect(lane.matchesAt(0)([['x'], [1], ['u']], 0)).toBe(false)
  })

  it('maps them to the parameters', () => {
    expect(lane.inDelivery(delivery).map([['v'], [9], ['u']], 0)).toEqual({
      ok: true,
      payload: { user: 'u', value: 'v' },
    })
  })

  it('maps what is known of version and delivery, the same from pass to pass', () => {
    const mapped = {
      ...action,
      mappings: [
        { parameter: 'user', from: { kind: 'metadata' as const, field: 'time' as const } },
        { parameter: 'value', from: { kind: 'metadata' as const, field: 'version.number' as const } },
      ],
    }
    const later = compileLane({ ...version, actions: [mapped] }, action.id, plugins, { digest })
    for (const pass of [1, 2]) {
      expect(later.inDelivery(delivery).map([], pass)).toEqual({
        ok: true,
        payload: { user: '2026-05-28T10:00:00.000Z', value: '7' },
      })
    }
  })

  it('brings mappings of an older version of its type forward', () => {
    const renamed = { ...action, mappings: action.mappings.map((each) => ({ ...each, parameter: 'old' })) }
    const only = { ...renamed, mappings: renamed.mappings.slice(0, 1) }
    const migrated = compileLane(
      { ...version, actions: [only] },
      action.id,
      withMigration(() => action.mappings),
      { digest },
    )
    expect(migrated.action).toMatchObject({ typeVersion: 2, mappings: action.mappings })
    expect(migrated.attributes).toEqual(['value', 'id', 'user'])
  })

  it('knows its version and the connector’s settings', () => {
    expect(lane).toMatchObject({ versionNumber: 7, settings: { region: 'eu' } })
  })
})

describe('an action can’t run', () => {
  it.each<[string, Partial<VersionDocuments>]>([
    ['the action', { actions: [] }],
    ['its source', { sources: [] }],
    ['its connection', { connections: [] }],
    ['its segment', { segments: [] }],
    ['its connector', { connectors: [] }],
  ])('in a version without %s', (_, changes) => {
    expect(codeOf(changes)).toBe('action_not_published')
  })

  it('while one of its plugins is not installed', () => {
    expect(codeOf({}, { ...plugins, source: () => undefined })).toBe('plugin_missing')
    expect(codeOf({}, { ...plugins, connector: () => undefined })).toBe('plugin_missing')
    const closed = { kind: 'full', reason: 'Closed.' } as const
    const discontinued = () => ({ ...testConnector, deprecated: closed })
    expect(codeOf({}, { ...plugins, connector: discontinued })).toBe('connector_type_discontinued')
    const superseded = () => ({ ...testConnector, deprecated: 'Use the other one.' })
    expect(codeOf({}, { ...plugins, connector: superseded })).toBe('runnable')
  })

  it('when its connector does not have its type any more', () => {
    expect(codeOf({ actions: [{ ...action, type: 'gone' }] })).toBe('action_type_missing')
  })

  it('when its connector takes no longer what is mapped', () => {
    const mappings = [{ parameter: 'name', from: { kind: 'attribute' as const, attribute: 'user' } }]
    expect(codeOf({ actions: [{ ...action, mappings }] })).toBe('unfit_mappings')
  })

  it('when its mappings cannot be brought to the installed version of its type', () => {
    expect(codeOf({}, withMigration())).toBe('migration_missing')
    const failing = withMigration(() => {
      throw new Error('v')
    })
    expect(codeOf({}, failing)).toBe('migration_broken')
    expect(codeOf({ actions: [{ ...action, typeVersion: 2 }] })).toBe('action_version_unknown')
  })

  it('though all of it is there it can', () => {
    expect(codeOf({})).toBe('runnable')
  })
})
