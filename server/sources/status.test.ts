/** The statuses of a data source: what each fact makes of it. */
import { expect, it } from 'vitest'
import { type SourceFacts, type SourceStatus, statusOf } from './status.ts'

const now = new Date('2026-11-30T12:00:00Z')
const later = new Date('2026-11-30T13:00:00Z')
const earlier = new Date('2026-11-30T11:00:00Z')

const running: SourceFacts = {
  ...{ isRead: true, wasOn: true, hasWorker: true, errorCode: null, polledAt: earlier },
  ...{ nextRunAt: null, runStartedAt: null, isDelivering: false },
}

it.each<[string, Partial<SourceFacts>, SourceStatus]>([
  ['read all the time', {}, 'RUNNING'],
  ['never on', { isRead: false, wasOn: false, polledAt: null }, 'INACTIVE'],
  ['turned off', { isRead: false }, 'STOPPED'],
  ['turned off after a failure', { isRead: false, errorCode: 'unreachable' }, 'STOPPED'],
  ['turned off without a worker', { isRead: false, hasWorker: false }, 'STOPPED'],
  ['without a worker', { hasWorker: false }, 'UNASSIGNED'],
  ['without a worker after a failure', { hasWorker: false, errorCode: 'unreachable' }, 'UNASSIGNED'],
  ['failing', { errorCode: 'unreachable' }, 'FAILED'],
  ['failing before its next time', { errorCode: 'unreachable', nextRunAt: later }, 'FAILED'],
  ['not looked at yet', { wasOn: false, polledAt: null }, 'INITIALIZING'],
  ['waiting for its first time', { polledAt: null, nextRunAt: later }, 'SCHEDULED'],
  ['waiting for its next time', { nextRunAt: later }, 'SCHEDULED'],
  ['due', { nextRunAt: earlier }, 'RUNNING'],
  ['due for the first time', { nextRunAt: earlier, polledAt: null }, 'INITIALIZING'],
  ['between the two looks of a run', { nextRunAt: earlier, runStartedAt: earlier }, 'RUNNING'],
  ['delivering what its last run found', { nextRunAt: later, isDelivering: true }, 'RUNNING'],
])('a source %s', (_, facts, status) => {
  expect(statusOf({ ...running, ...facts }, now)).toBe(status)
})
