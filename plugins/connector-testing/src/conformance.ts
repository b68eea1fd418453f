/** The suite that every connector passes, as tests of vitest. */
import type { Connector, PublicSettings } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { checkAnswers, checkTestConnection } from './check-answers.ts'
import { checkJob, checkStages } from './check-later.ts'
import { checkPage } from './check-page.ts'
import { checkDeterminism, checkParts, checkRequests, checkWeights } from './check-plan.ts'
import { checkQuestions } from './check-questions.ts'
import { checkRateLimits } from './check-rate-limits.ts'
import { checkSecrets } from './check-secrets.ts'
import { checkValues } from './check-values.ts'
import type { Payload, Subject } from './subject.ts'

export interface Conformance {
  /** Settings that the connector works with, without its secrets. */
  readonly settings: PublicSettings
  /** For each action, by type: payloads that its parameters take, as different from one another as can be. */
  readonly payloads: Readonly<Record<string, readonly Payload[]>>
}

const checks: readonly [what: string, check: (subject: Subject) => readonly string[]][] = [
  [
    'plans the same requests every time, in every time zone, and changes nothing that it is given',
    checkDeterminism,
  ],
  ['addresses every part of every item exactly once', checkParts],
  ['sends to its own host only, within its limits, what JSON can say', checkRequests],
  ['refers to no secret that it has not', checkSecrets],
  ['weighs every item in the units of its limits', checkWeights],
  ['sends nothing that its rate limits cannot count, or would never let pass', checkRateLimits],
  ['has a verdict for every part of every answer', checkAnswers],
  ['asks for choices and prepares on its own host, and reads every answer to that', checkQuestions],
  ['orders dependent requests by valid stages, and reads any answer for what later ones need', checkStages],
  ['asks its jobs and understands any answer about them, where it has jobs', checkJob],
  ['makes a plan or a rejection of any value, and repeats none', checkValues],
]

/**
 * Declares the tests. Call it in a test file of the connector.
 *
 * @example
 * ```ts
 * conformance(acme, {
 *   settings: { endpoint: 'https://api.acme.example' },
 *   payloads: { 'add-user': [{ id: '1' }, { id: '2', email: 'ann@example.com' }] },
 * })
 * ```
 */
export function conformance(connector: Connector, { payloads, settings }: Conformance): void {
  describe(`${connector.name} as a connector`, () => {
    it('has a complete page in the marketplace', () => expect(checkPage(connector)).toEqual([]))
    it('has a connection test that reads every answer', () =>
      expect(checkTestConnection({ connector, settings })).toEqual([]))
    it('is tested with payloads for each of its actions', () =>
      expect(Object.keys(payloads).toSorted()).toEqual(Object.keys(connector.actions).toSorted()))
    for (const [type, action] of Object.entries(connector.actions)) {
      describe(`its action ${type}`, () => {
        it.each(checks)('%s', (_, check) => {
          const parsed = (payloads[type] ?? []).map((payload) =>
            action.parameters.parse(structuredClone(payload)),
          )
          expect(parsed).not.toEqual([])
          expect(
            check({ connector, type, action, settings, payloads: parsed as readonly Payload[] }),
          ).toEqual([])
        })
      })
    }
  })
}
