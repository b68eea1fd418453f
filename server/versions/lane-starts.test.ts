/** Where the lanes of a version start, as far as documents tell. */
import { describe, expect, it } from 'vitest'
import { sourceDefaults, type VersionDocuments } from '../../engine/documents.ts'
import type { LaneStart } from '../sources/processing-start.ts'
import { laneStarts } from './lane-starts.ts'

type Documents = Omit<VersionDocuments, 'number'>

const column = { name: 'id', type: 'number', nativeType: 'BIGINT', nullable: false } as const
const source: Documents['sources'][number] = {
  ...{
    id: 's',
    name: 'Customers',
    connectionId: 'd',
    query: { kind: 'table', name: 't' },
    keyColumns: ['id'],
  },
  ...{ cursorMode: 'INCREMENTING', timestampColumn: null, incrementColumn: 'id', timeZone: 'UTC' },
  ...{ settleMs: 0, pollIntervalMs: 1_000, columns: [column] },
  ...sourceDefaults,
}
const action: Documents['actions'][number] = {
  ...{
    id: 'a',
    name: 'Send',
    connectorId: 'c',
    dataSourceId: 's',
    segmentId: 'g',
    type: 't',
    typeVersion: 1,
  },
  ...{ mappings: [], templates: [], templateVariables: [], startFrom: 'NOW', retryDelaysMs: [] },
  ...{ retryForMs: 1, requestTimeoutMs: 1, applyWithinMs: null, isEnabled: true },
}
const all: Documents = {
  connections: [{ id: 'd', name: 'Warehouse', type: 'duckdb', settings: {} }],
  sources: [source],
  segments: [{ id: 'g', name: 'Some', conditions: { any: [] } }],
  connectors: [{ id: 'c', name: 'Acme', type: 'acme', settings: {}, isEnabled: true }],
  actions: [action],
}
const ran = new Map([['s', { source, type: 'duckdb' }]])
const lane = { actionId: 'a', dataSourceId: 's' }
const otherCursor: Documents = { ...all, sources: [{ ...source, cursorMode: 'FULL_RESYNC' }] }
const wider: Documents = {
  ...all,
  segments: [
    { id: 'g', name: 'Some', conditions: { any: [{ all: [{ attribute: 'id', operator: 'isAssigned' }] }] } },
  ],
}
const from = (entity: 'Action' | 'DataSource', id: string, value: string): LaneStart => ({
  target: { entity, id },
  from: 'AFTER',
  value,
})

function starts(options: Partial<Parameters<typeof laneStarts>[0]>) {
  const { problems, lanes } = laneStarts({
    ...{ documents: all, before: all, ran, running: all.actions, existing: [lane], starts: [] },
    ...options,
  })
  return {
    lanes: lanes.map(({ reason, start }) => [reason, start?.from ?? null, start?.value ?? null]),
    problems: problems.map(({ code, entity }) => `${entity} ${code}`),
  }
}

describe('a lane', () => {
  it('that is new starts where its action says, unless the publish says otherwise', () => {
    const isNew = { existing: [], before: null, ran: new Map() }
    expect(starts(isNew)).toEqual({ lanes: [['NEW', 'NOW', null]], problems: [] })
    expect(starts({ ...isNew, starts: [from('Action', 'a', '7')] }).lanes).toEqual([['NEW', 'AFTER', '7']])
  })

  it('that exists goes on from its place, and is not asked about', () => {
    expect(starts({})).toEqual({ lanes: [], problems: [] })
  })

  it('that exists starts where people say, an action before its source', () => {
    expect(starts({ starts: [from('DataSource', 's', '7')] }).lanes).toEqual([['CHOSEN', 'AFTER', '7']])
    const both = [from('DataSource', 's', '7'), from('Action', 'a', '8')]
    expect(starts({ starts: both }).lanes).toEqual([['CHOSEN', 'AFTER', '8']])
  })

  it('whose segment has changed goes on, and is shown', () => {
    expect(starts({ documents: wider })).toEqual({ lanes: [['SEGMENT_CHANGED', null, null]], problems: [] })
  })

  it('whose cursor has changed has to be told', () => {
    expect(starts({ documents: otherCursor })).toEqual({
      lanes: [['CURSOR_CHANGED', null, null]],
      problems: ['DataSource cursor_changed'],
    })
    const told: LaneStart = { target: { entity: 'DataSource', id: 's' }, from: 'BEGINNING', value: null }
    expect(starts({ documents: otherCursor, starts: [told] })).toEqual({
      lanes: [['CURSOR_CHANGED', 'BEGINNING', null]],
      problems: [],
    })
  })

  it('whose cursor has changed has to be told even where its action does not run', () => {
    const documents = { ...otherCursor, actions: [{ ...action, isEnabled: false }] }
    expect(starts({ documents, running: [] }).problems).toEqual(['DataSource cursor_changed'])
  })

  it('of a source that is read whole starts at the beginning only', () => {
    const isNew = { documents: otherCursor, before: null, existing: [], ran: new Map() }
    expect(starts(isNew).problems).toEqual(['Action not_applicable'])
  })
})

it('a start of something that nothing reads is refused', () => {
  expect(starts({ starts: [from('Action', 'b', '7')] }).problems).toEqual(['Action no_such_start'])
})
