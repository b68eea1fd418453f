/** From a row to an item: matched, mapped, and rejected where it can't be sent. */
import type { ActionDefinition } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { createPassScene } from '../../test/harness/pass-scene.ts'
import { itemOf } from './item.ts'

const { lane } = createPassScene({ rows: [] })
/** The attributes are user and value; then comes the position. */
const batch = {
  length: 2,
  columns: [
    ['ann', null],
    ['v', 'w'],
    ['10', '11'],
    ['1', '2'],
  ],
}

function withAction(action: Partial<ActionDefinition>) {
  return { ...lane, actionDefinition: { ...lane.actionDefinition, ...action } }
}

describe('a row', () => {
  it('becomes an item with its payload, recipient and weight', () => {
    expect(itemOf(lane, batch, 0)).toEqual({
      kind: 'sendable',
      position: ['10', '1'],
      payload: { user: 'ann', value: 'v' },
      recipient: 'ann',
      weight: { items: 1 },
    })
  })

  it('is nothing where the segment does not have it', () => {
    expect(itemOf({ ...lane, matches: () => false }, batch, 0)).toBeNull()
  })

  it('is rejected with the path of what is wrong, and weighs nothing', () => {
    expect(itemOf(lane, batch, 1)).toMatchObject({
      kind: 'rejected',
      position: ['11', '2'],
      fault: { reporter: 'sluice', path: 'user' },
      weight: {},
      recipient: null,
    })
  })

  it('is rejected by its first problem, by a code that is one', () => {
    const problems = [
      { code: 'Ann is no number', path: 'age' },
      { code: 'required', path: 'user' },
    ]
    const item = itemOf({ ...lane, map: () => ({ ok: false, problems }) }, batch, 0)
    expect(item).toMatchObject({ fault: { code: 'invalid', path: 'age' } })
  })
})

describe('a connector that throws', () => {
  const fails = () => {
    throw new Error('ann')
  }

  it.each<[string, Partial<ActionDefinition>]>([
    ['when it is asked for the recipient', { recipient: fails }],
    ['when it is asked for the weight', { weigh: fails }],
  ])('%s costs that item alone, and its words are not kept', (_, action) => {
    expect(itemOf(withAction(action), batch, 0)).toMatchObject({
      kind: 'rejected',
      fault: { code: 'connector_failed', reporter: 'sluice' },
    })
  })
})
