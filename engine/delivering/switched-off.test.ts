/** That the simulation would notice: with any one rule of the protocol switched off, an invariant breaks. */
import { expect, it } from 'vitest'
import { rules } from '../../test/simulation/rules.ts'
import { switchedOff } from '../../test/simulation/switched-off.ts'

const slow = 600_000

it('is noticed for every rule', { timeout: slow }, async () => {
  const results = await switchedOff(undefined, () => {})
  expect(results.map(({ rule }) => rule)).toEqual(rules.map(({ name }) => name))
  expect(results.filter(({ noticed }) => noticed === null)).toEqual([])
})
