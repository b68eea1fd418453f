/** The smaller actions against the simulator: what is planned is taken, and what is answered is understood. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliver } from './deliver.ts'
import { defaultOptions } from './options.ts'
import { type BrazeSimulator, createBrazeSimulator } from './simulator.ts'

let braze: BrazeSimulator

beforeEach(async () => {
  braze = await createBrazeSimulator()
})
afterEach(() => braze.close())

const delivered = { kind: 'delivered' }

describe('Identify User', () => {
  it('gives profiles their external ID, however they are known', async () => {
    const profiles = [
      { aliasName: 'ann', aliasLabel: 'crm' },
      { email: 'carl@example.com' },
      { phone: '+31201234567' },
    ]
    await deliver(braze, 'track-user', profiles)
    const users = profiles.map((ids, index) => ({ externalId: `${index}`, ...ids }))
    expect(await deliver(braze, 'identify-user', users)).toEqual([[delivered, delivered, delivered]])
    expect([...braze.profiles()].map(({ externalId }) => externalId)).toEqual(['0', '1', '2'])
  })
})

it.each([
  ['identify-user', 'users.identify', { externalId: '1', email: 'ann@example.com' }],
])('%s needs the permission %s', async (action, permission, payload) => {
  const { permissions } = defaultOptions
  const unable = await createBrazeSimulator({
    permissions: permissions.filter((each) => each !== permission),
  })
  expect(await deliver(unable, action, [payload])).toEqual([[{ kind: 'setup', code: 'access_denied' }]])
  await unable.close()
})
