/** Why an activation stands still: the first reason that people would mend. */
import { expect, it } from 'vitest'
import { standstillOf } from './flow.ts'

const working = {
  id: 'a',
  dataSourceId: 's',
  isEnabled: true,
  pausedAt: null,
  connector: { isEnabled: true },
  workspace: { haltedAt: null },
  dataSource: { isEnabled: true, progress: { errorCode: null } },
}
const live = [{ actionId: 'a', dataSourceId: 's' }]
const failing = { isEnabled: true, progress: { errorCode: 'not_found' } }

it.each([
  ['works', working, live, null],
  [
    'works before its source was polled',
    { ...working, dataSource: { isEnabled: true, progress: null } },
    live,
    null,
  ],
  ['goes on while it is switched off in the working copy only', { ...working, isEnabled: false }, live, null],
  ['is not published', working, [], 'NOT_PUBLISHED'],
  ['is published for another source', working, [{ actionId: 'a', dataSourceId: 't' }], 'NOT_PUBLISHED'],
  ['is switched off', { ...working, isEnabled: false }, [], 'SWITCHED_OFF'],
  ['has a connector that is off', { ...working, connector: { isEnabled: false } }, [], 'CONNECTOR_OFF'],
  [
    'has a source that is off',
    { ...working, dataSource: { ...failing, isEnabled: false } },
    [],
    'SOURCE_OFF',
  ],
  ['is of a halted workspace', { ...working, workspace: { haltedAt: new Date(0) } }, live, 'HALTED'],
  ['is paused', { ...working, pausedAt: new Date(0), dataSource: failing }, live, 'PAUSED'],
  ['has a source that cannot be read', { ...working, dataSource: failing }, live, 'SOURCE_FAILING'],
] as const)('an activation that %s', (_, activation, chains, standstill) => {
  expect(standstillOf(activation, chains)).toBe(standstill)
})
