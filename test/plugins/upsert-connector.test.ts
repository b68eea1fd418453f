/** A batch whose answer names a duplicate: it is refused, and the others are taken at once; against a real local vendor. */
import { verdict } from '@sluice/connector-sdk'
import { conformance, testAction } from '@sluice/connector-testing'
import { createVendorSimulator } from '@sluice/connector-testing/simulator'
import { describe, expect, it } from 'vitest'
import { useLocalServers } from '../harness/local-server.ts'
import { upsertConnector } from '../harness/upsert-connector.ts'

const servers = useLocalServers()

/** It takes a batch only when it knows none of its people under another name. */
async function vendorThatKnows(...known: readonly string[]) {
  const taken: string[] = []
  const vendor = await createVendorSimulator({
    routes: {
      'POST /people/batch': ({ body }) => {
        const users = (body as { readonly people: { readonly user: string }[] }).people.map(
          ({ user }) => user,
        )
        const user = users.find((each) => known.includes(each))
        return user === undefined
          ? { apply: () => void taken.push(...users) }
          : { status: 400, body: { error: 'duplicate', user } }
      },
    },
  })
  servers.closeAfterwards(vendor)
  return { vendor, taken }
}

function deliver(endpoint: string, users: readonly string[]) {
  return testAction(upsertConnector, 'upsert-people', {
    settings: { endpoint },
    records: users.map((user) => ({ user, value: 'v' })),
    responses: 'http',
  })
}

describe('a batch upsert whose 400 names a duplicate', () => {
  it('refuses those that are named, and sends the others without them', async () => {
    const { taken, vendor } = await vendorThatKnows('bob', 'dan')
    const { requests, verdicts } = await deliver(vendor.url, ['ann', 'bob', 'cyd', 'dan', 'eve'])
    expect(verdicts).toEqual([
      verdict.delivered,
      verdict.refused('duplicate'),
      verdict.delivered,
      verdict.refused('duplicate'),
      verdict.delivered,
    ])
    expect(taken).toEqual(['ann', 'cyd', 'eve'])
    expect(requests.map(({ records }) => records)).toEqual([
      [0, 1, 2, 3, 4],
      [0, 2, 3, 4],
      [0, 2, 4],
    ])
  })

  it('ends when all of them are', async () => {
    const { taken, vendor } = await vendorThatKnows('ann', 'bob')
    const { requests, verdicts } = await deliver(vendor.url, ['ann', 'bob'])
    expect(verdicts).toEqual([verdict.refused('duplicate'), verdict.refused('duplicate')])
    expect(requests).toHaveLength(2)
    expect(taken).toEqual([])
  })
})

conformance(upsertConnector, {
  settings: { endpoint: 'https://vendor.test' },
  payloads: {
    'upsert-people': [
      { user: 'ann', value: 'v' },
      { user: 'bob', value: 'w' },
    ],
  },
})
