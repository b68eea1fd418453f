/** The contracts of the workflows: their names are functions of the bundle, their ids tell what they are for. */
import { describe, expect, it } from 'vitest'
import { deliverContract, runLaneContract, syncSourceContract } from './contracts.ts'
import * as bundled from './index.ts'

const id = '01900000-0000-7000-8000-000000000001'
const other = '01900000-0000-7000-8000-000000000002'

describe.each([
  ['syncSource', syncSourceContract, { dataSourceId: id }],
  ['runLane', runLaneContract, { laneId: id }],
  ['deliver', deliverContract, { deliveryId: id }],
] as const)('%s', (name, contract, input) => {
  it('is called so, and is in the bundle', () => {
    expect(contract.name).toBe(name)
    expect(Object.keys(bundled)).toContain(name)
  })

  it('takes one id and nothing that is none', () => {
    expect(contract.input.parse(input)).toEqual(input)
    const [field = ''] = Object.keys(input)
    for (const wrong of [{}, { [field]: '' }, { [field]: 'ann@example.com' }, { [field]: 1 }, null, id]) {
      expect(contract.input.safeParse(wrong).success).toBe(false)
    }
  })
})

it('drops what is not asked for: nothing else can slip into the history', () => {
  expect(deliverContract.input.parse({ deliveryId: id, email: 'ann@example.com' })).toEqual({
    deliveryId: id,
  })
})

it('gives workflows of different things different ids', () => {
  const ids = [id, other].flatMap((each) => [
    syncSourceContract.workflowId({ dataSourceId: each }),
    runLaneContract.workflowId({ laneId: each }),
    deliverContract.workflowId({ deliveryId: each }),
  ])
  expect(new Set(ids).size).toBe(6)
  for (const workflowId of ids) expect(workflowId).toMatch(/^[a-z-]+:[0-9a-f-]{36}$/)
})

it('bundles nothing but the workflows', () => {
  expect(Object.keys(bundled).sort()).toEqual(['deliver', 'runLane', 'syncSource'])
})
