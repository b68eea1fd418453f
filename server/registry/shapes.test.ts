/** What an action may add to what every action has: a plugin's author is told of each part that is wrong. */
import { expect, it } from 'vitest'
import { bulkConnector } from '../../test/harness/bulk-connector.ts'
import { peopleConnector } from '../../test/harness/people-connector.ts'
import { findMissingInAction } from './shapes.ts'

const upload = bulkConnector.actions['upload-users']

it('takes actions with stages and with jobs', () => {
  for (const action of Object.values({ ...bulkConnector.actions, ...peopleConnector.actions })) {
    expect(findMissingInAction(action)).toEqual([])
  }
})

it.each<[string, object, string]>([
  ['a capture that is no function', { capture: {} }, 'capture: must be a function.'],
  ['a job without poll', { job: { submit: () => '1' } }, 'job.poll: '],
  ['a job that never submits', { job: { ...upload?.job, submit: 7 } }, 'job.submit: must be a function.'],
  [
    'a poll that cannot be read',
    { job: { ...upload?.job, poll: { plan: () => ({}) } } },
    'job.poll.interpret: must be a function.',
  ],
  [
    'a collect without plan',
    { job: { ...upload?.job, collect: { interpret: () => [] } } },
    'job.collect.plan: ',
  ],
  ['a job without time', { job: { ...upload?.job, mostMs: 0 } }, 'job.mostMs: must be at least 1.'],
  ['a pace that is none', { job: { ...upload?.job, pollAfterMs: 0.5 } }, 'job.pollAfterMs: must be a whole'],
])('says what is wrong with %s', (_, change, problem) => {
  expect(findMissingInAction({ ...upload, ...change }).join(' ')).toContain(problem)
})
