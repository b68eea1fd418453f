/** What the vendor's answer to a preparation means: only a clear no lets it be asked again without people. */
import { type Prepared, type Verdict, verdict } from '@sluice/connector-sdk'
import { expect, it } from 'vitest'
import { preparationEnd } from './preparation-end.ts'

const prepare = { outputs: ['listId'] }
const catalogue = { quota_reached: 'limit' } as const
const prepared = (outputs: object) => ({ kind: 'prepared', outputs }) as Prepared

function endOf(answer: unknown, status = 200, isDeduplicated?: true) {
  const given = isDeduplicated === undefined ? prepare : { ...prepare, isDeduplicated }
  return preparationEnd(given, catalogue, status, answer as Prepared | Verdict)
}

it('keeps what was created', () => {
  expect(endOf(prepared({ listId: 'l-1' }))).toEqual({ state: 'DONE', outputs: { listId: 'l-1' } })
})

it.each<[string, unknown]>([
  ['lacks an output', prepared({})],
  ['has an output that is no text', prepared({ listId: 1 })],
  ['has an empty output', prepared({ listId: '' })],
  ['has an output that nobody declared', prepared({ listId: 'l-1', name: 'x' })],
  ['has an output that cannot be kept', prepared({ listId: 'l\u0000' })],
  ['has an output of any length', prepared({ listId: 'l'.repeat(1_001) })],
  ['says delivered without outputs', verdict.delivered],
  ['is no verdict', { kind: 'done' }],
  ['is nothing', undefined],
])('does not know what was created when the answer %s', (_, answer) => {
  expect(endOf(answer)).toEqual({ state: 'UNKNOWN', errorCode: 'answer_unreadable' })
})

it.each<[Verdict, number, string, string]>([
  [verdict.refused('quota_reached'), 400, 'FAILED', 'quota_reached'],
  [verdict.refused('ann@example.com'), 400, 'FAILED', 'vendor_error'],
  [verdict.setup('http_401'), 401, 'FAILED', 'http_401'],
  [verdict.throttled(1_000), 429, 'FAILED', 'throttled'],
  [verdict.retry('http_503'), 503, 'UNKNOWN', 'http_503'],
  [verdict.retry('http_409'), 409, 'FAILED', 'http_409'],
  [verdict.unknown('answer_unreadable'), 200, 'UNKNOWN', 'answer_unreadable'],
])('%j at status %i is %s', (answer, status, state, errorCode) => {
  expect(endOf(answer, status)).toEqual({ state, errorCode })
})

it('may be asked again after a broken server, where the vendor creates it once', () => {
  expect(endOf(verdict.retry('http_503'), 503, true)).toEqual({ state: 'FAILED', errorCode: 'http_503' })
})
