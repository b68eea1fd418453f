/** What people see of a sample: of the template's, and of what has gone wrong in one. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import acme from '../../template/src/index.ts'
import { describeSample } from './describe-sample.ts'
import { readSample } from './sample.ts'

const sampleText = readFileSync(new URL('../../template/sample.json', import.meta.url), 'utf8')

it("shows plan, answer and verdicts of the template's sample", async () => {
  expect(await describeSample(acme, readSample(sampleText))).toMatchInlineSnapshot(`
    "=== add-contact: 3 records, 1 request

    --> POST https://api.acme.example/contacts (records 0, 1)
    accept: application/json
    content-type: application/json
    authorization: Bearer <apiKey>

    {
      "contacts": [
        {
          "id": "1",
          "email": "ann@example.com"
        },
        {
          "id": "2",
          "email": null
        }
      ]
    }

    <-- 200
    {
      "failed": [
        1
      ]
    }

    record 0: delivered
    record 1: refused, invalid_contact
    record 2: rejected, invalid_email, path email
    "
  `)
})

it('shows answers that did not come, headers and texts; beyond those that are given all is taken', async () => {
  const shown = async (responses: unknown) => {
    const sample = { settings: { endpoint: 'https://acme.example' }, actions: { 'add-contact': {} } }
    sample.actions['add-contact'] = { records: [{ id: 1 }], responses }
    return describeSample(acme, readSample(JSON.stringify(sample)))
  }
  expect(await shown(['lost'])).toMatch(/<-- no answer[\s\S]*record 0: unknown, connection_lost/)
  expect(await shown(['unreached'])).toMatch(/<-- not reached[\s\S]*<-- 200[\s\S]*record 0: delivered/)
  const slow = await shown([{ status: 429, headers: { 'retry-after': '7' }, body: 'slow down' }])
  expect(slow).toMatch(/<-- 429\nretry-after: 7\nslow down[\s\S]*record 0: throttled, retryAfterMs 7000/)
})

it('shows what the connector threw, once, and where', async () => {
  const action = acme.actions['add-contact'] ?? expect.unreachable('no such action')
  const broken = {
    ...acme,
    actions: { 'add-contact': { ...action, plan: () => JSON.parse('{') } },
  }
  const shown = await describeSample(broken, readSample(sampleText))
  expect(shown).toMatch(/record 0: rejected, connector_failed\nrecord 1: rejected, connector_failed/)
  expect(shown.match(/The connector threw SyntaxError: /g)).toHaveLength(1)
  expect(shown).toMatch(/at .*plan \(.*describe-sample\.test\.ts:\d+/)
})

it.each([
  ['{', /not JSON/],
  ['{ "settings": {} }', /actions/],
  ['{ "settings": {}, "actions": { "add-contact": { "records": [] } } }', /records/],
])('says what is wrong with %s', (text, message) => {
  expect(() => readSample(text)).toThrow(message)
})
