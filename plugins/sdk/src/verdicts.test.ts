/** What an answer means by its status and headers alone. */
import { describe, expect, it } from 'vitest'
import { retryAfterMs, type Verdict, verdict, verdictByStatus } from './verdicts.ts'

const now = Date.UTC(2026, 4, 28, 10)

describe('a success', () => {
  const answered = (type: string, text: string, json?: unknown) =>
    verdictByStatus({ status: 200, headers: { 'content-type': type }, receivedAt: now, text, json })

  it.each<[string, string, string, unknown, Verdict]>([
    ['empty', 'application/json', '', undefined, verdict.delivered],
    ['a word', 'text/plain', 'OK', undefined, verdict.delivered],
    ['JSON', 'application/json', '{"ok":true}', { ok: true }, verdict.delivered],
    ['cut short', 'application/problem+json', '{"ok":tr', undefined, verdict.unknown('answer_unreadable')],
    ['a page', 'text/html; charset=utf-8', '<html>', undefined, verdict.unknown('answer_unreadable')],
  ])('that is %s', (_, type, text, json, expected) => {
    expect(answered(type, text, json)).toEqual(expected)
  })

  it('is one where its body is not known', () => {
    expect(verdictByStatus({ status: 204, headers: {}, receivedAt: now })).toEqual(verdict.delivered)
  })
})

it.each<[Readonly<Record<string, string>>, number | undefined]>([
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': 'Thu, 28 May 2026 10:00:07 GMT' }, 7_000],
  [{ 'retry-after': 'Thu, 28 May 2020 10:00:07 GMT' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-1e400' }, undefined],
  // What no number of milliseconds says is not said.
  [{ 'retry-after': '1e307' }, undefined],
  [{ 'retry-after': '9'.repeat(400) }, undefined],
  [{ 'retry-after': 'soon', 'x-ratelimit-reset': '3' }, 3_000],
  [{ 'x-ratelimit-reset': String(now / 1000 + 7) }, 7_000],
  [{ 'x-ratelimit-reset': '1e307' }, undefined],
  [{ 'x-ratelimit-reset': 'NaN' }, undefined],
  [{}, undefined],
])('%j asks to wait %s ms', (headers, ms) => {
  expect(retryAfterMs(headers, now)).toBe(ms)
})
