/** A version's action as a runnable lane, or a typed word why it can't run. */
import { describe, expect, it } from 'vitest'
import { memorySource, memorySourceDocument } from '../test/harness/memory-source.ts'
import { createPassScene } from '../test/harness/pass-scene.ts'
import { testConnector } from '../test/harness/test-connector.ts'
import { compileLane, LaneNotRunnableError, type Plugins } from './compile.ts'
import type { VersionDocuments } from './documents.ts'

const { action } = createPassScene({ rows: [] }).lane
const version: VersionDocuments = {
  number: 7,
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
const plugins: Plugins = { source: () => memorySource, connector: () => testConnector }

function codeOf(changes: Partial<VersionDocuments>, given = plugins, id = action.id): string {
  try {
    compileLane({ ...version, ...changes }, id, given)
  } catch (error) {
    if (error instanceof LaneNotRunnableError) return error.code
    throw error
  }
  return 'runnable'
}

describe('a lane', () => {
  const lane = compileLane(version, action.id, plugins)

  it('reads each attribute once: those of the segment, then those of the mappings', () => {
    expect(lane.attributes).toEqual(['value', 'id', 'user'])
  })

  it('finds the position behind the attributes', () => {
    const columns = [['v'], [9], ['u'], ['10'], ['9']]
    expect(lane.positionLength).toBe(2)
    expect(lane.positionOf(columns, 0)).toEqual(['10', '9'])
  })

  it('asks the segment about the attributes where they were read', () => {
    expect(lane.matches([['x'], [9], ['u']], 0)).toBe(true)
    expect(lane.matches([['x'], [1], ['u']], 0)).toBe(false)
  })

  it('maps them to the parameters', () => {
    expect(lane.map([['v'], [9], ['u']], 0)).toEqual({ ok: true, payload: { user: 'u', value: 'v' } })
  })

  it('knows its version and the connector’s settings', () => {
    expect(lane).toMatchObject({ versionNumber: 7, settings: { region: 'eu' } })
  })
})

describe('an action can’t run', () => {
  it.each<[string, Partial<VersionDocuments>]>([
    ['the action', { actions: [] }],
    ['its source', { sources: [] }],
    ['its segment', { segments: [] }],
    ['its connector', { connectors: [] }],
  ])('in a version without %s', (_, changes) => {
    expect(codeOf(changes)).toBe('action_not_published')
  })

  it('while one of its plugins is not installed', () => {
    expect(codeOf({}, { ...plugins, source: () => undefined })).toBe('plugin_missing')
    expect(codeOf({}, { ...plugins, connector: () => undefined })).toBe('plugin_missing')
  })

  it('when its connector does not have its type any more', () => {
    expect(codeOf({ actions: [{ ...action, type: 'gone' }] })).toBe('action_type_missing')
  })

  it('when its connector takes no longer what is mapped', () => {
    const mappings = [{ parameter: 'name', from: { kind: 'attribute' as const, attribute: 'user' } }]
    expect(codeOf({ actions: [{ ...action, mappings }] })).toBe('unfit_mappings')
  })

  it('though all of it is there it can', () => {
    expect(codeOf({})).toBe('runnable')
  })
})
