/** One write out of many outcomes: counts add up, waiting items stand alone, dead letters of a class form runs. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { DeadLetter, Outcome } from './outcome.ts'
import { type SettledItem, settlementOf } from './settlement.ts'

const refused: DeadLetter = { kind: 'dead', outcome: 'refused', code: 'bad_user', reporter: 'vendor' }
const rejected: DeadLetter = { kind: 'dead', outcome: 'rejected', code: 'required', reporter: 'sluice' }
const delivered: Outcome = { kind: 'counted', term: 'delivered' }
const waiting: Outcome = { kind: 'waiting', code: 'busy', reporter: 'vendor', dueAt: 1000, attempts: 1 }

const rowOf = (position: readonly string[]) => `row ${position.join()}`

function settled(...outcomes: readonly Outcome[]): SettledItem[] {
  return outcomes.map((outcome, ordinal) => {
    if (outcome.kind === 'counted') return { outcome }
    const place = { slice: 3, ordinal, position: [String(ordinal)] }
    return { place, recipient: `r${ordinal}`, firstAt: 7, isAlone: false, outcome }
  })
}

/** Exceptions as ranges of ordinals with their counts. */
function ranges(...outcomes: readonly Outcome[]): string[] {
  return settlementOf(settled(...outcomes), rowOf).newExceptions.map((exception) =>
    exception.kind === 'dead'
      ? `${exception.position[0]}-${exception.lastPosition[0]} ${exception.code} ×${exception.count}`
      : `${exception.position[0]} waits`,
  )
}

it('counts every term and keeps nothing of what was delivered', () => {
  const warned: Outcome = { kind: 'counted', term: 'warned' }
  expect(settlementOf(settled(delivered, warned, delivered), rowOf)).toEqual({
    newExceptions: [],
    counts: { delivered: 2, warned: 1 },
  })
})

it('joins consecutive dead letters of one class into a run', () => {
  expect(ranges(refused, refused, refused)).toEqual(['0-2 bad_user ×3'])
})

it.each<[string, Outcome]>([
  ['a delivered one', delivered],
  ['one that waits', waiting],
  ['a dead letter of another class', rejected],
])('begins a new run behind %s', (_, between) => {
  const own = ranges(refused, between, refused).filter((range) => range.includes('bad_user'))
  expect(own).toEqual(['0-0 bad_user ×1', '2-2 bad_user ×1'])
})

it.each<[string, DeadLetter]>([
  ['code', { ...refused, code: 'other' }],
  ['path', { ...refused, path: 'user' }],
  ['outcome', { ...refused, outcome: 'unknown' }],
  ['reporter', { ...refused, reporter: 'sluice' }],
  ['place in a template', { ...refused, templatePlace: { template: 'T', line: 1, column: 2 } }],
])('keeps dead letters apart that differ in their %s', (_, other) => {
  expect(settlementOf(settled(refused, other), rowOf).newExceptions).toHaveLength(2)
})

it('joins no dead letter that stands alone, with those before or after it', () => {
  const alone = settled(refused, refused, refused).map((each, index) =>
    index === 1 && 'place' in each ? { ...each, isAlone: true } : each,
  )
  const { newExceptions } = settlementOf(alone, rowOf)
  expect(newExceptions).toMatchObject([{ count: 1 }, { count: 1, recipient: 'r1' }, { count: 1 }])
})

it('names the recipient of a single dead letter, and nobody for a run', () => {
  expect(settlementOf(settled(refused), rowOf).newExceptions).toMatchObject([{ recipient: 'r0' }])
  expect(settlementOf(settled(refused, refused), rowOf).newExceptions).toMatchObject([{ recipient: null }])
})

it('keeps place and recipient of what waits', () => {
  expect(settlementOf(settled(delivered, waiting), rowOf).newExceptions).toEqual([
    { ...waiting, slice: 3, ordinal: 1, position: ['1'], recipient: 'r1', row: 'row 1', firstAt: 7 },
  ])
})

it('does not count what waits', () => {
  expect(settlementOf(settled(waiting), rowOf).counts).toEqual({})
})

it('accounts for every item once, whatever became of it', () => {
  const outcome = fc.constantFrom<Outcome>(delivered, waiting, refused, rejected, {
    ...refused,
    path: 'user',
  })
  return fc.assert(
    fc.property(fc.array(outcome), (outcomes) => {
      const { counts, newExceptions } = settlementOf(settled(...outcomes), rowOf)
      const dead = newExceptions.reduce((sum, each) => sum + (each.kind === 'dead' ? each.count : 0), 0)
      const waits = newExceptions.filter(({ kind }) => kind === 'waiting').length
      const counted = Object.values(counts).reduce((sum, count) => sum + count, 0)
      expect(counted + waits).toBe(outcomes.length)
      expect(dead).toBe((counts.refused ?? 0) + (counts.rejected ?? 0))
    }),
  )
})
