/** Campaigns and Canvases to choose from, asked of the simulator page by page. */
import type { ChoicesPage, LiveChoices, VendorResponse, Verdict } from '@sluice/connector-sdk'
import { afterEach, describe, expect, it } from 'vitest'
import connector from './index.ts'
import { type BrazeSimulator, createBrazeSimulator } from './testing/simulator.ts'

const simulators: BrazeSimulator[] = []
afterEach(async () => {
  for (const simulator of simulators.splice(0)) await simulator.close()
})

async function ask(
  { apiKey, url }: BrazeSimulator,
  live: LiveChoices,
  cursor: string | null,
): Promise<ChoicesPage | Verdict> {
  const { method, path, query = {} } = live.plan({ settings: {}, cursor })
  const answer = await fetch(
    `${url}${path}?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`,
    {
      method,
      headers: { authorization: `Bearer ${apiKey}` },
    },
  )
  const text = await answer.text()
  const response = { status: answer.status, headers: {}, text, json: JSON.parse(text), receivedAt: 0 }
  return live.interpret(response, { settings: {}, cursor })
}

function choicesOf(action: string, parameter: string): LiveChoices {
  return connector.actions[action]?.choices?.[parameter] ?? expect.unreachable('no such choices')
}

describe.each([
  ['campaign', 'campaignId', 'campaigns', 'campaigns.list'],
  ['canvas', 'canvasId', 'canvases', 'canvas.list'],
] as const)('choices of a %s', (action, parameter, option, permission) => {
  const live = choicesOf(action, parameter)

  it('are those that are not archived, the newest first, in pages', async () => {
    const states = Object.fromEntries(
      Array.from(
        { length: 103 },
        (_, index) => [`id-${index}`, index === 5 ? 'archived' : 'active'] as const,
      ),
    )
    const simulator = await createBrazeSimulator({ [option]: states })
    simulators.push(simulator)
    const first = await ask(simulator, live, null)
    expect(first).toMatchObject({ kind: 'choices', next: '1' })
    expect(first.kind === 'choices' ? first.choices[0] : first).toEqual({
      id: 'id-102',
      label: 'Message id-102',
    })
    const second = await ask(simulator, live, '1')
    expect(second).toEqual({
      kind: 'choices',
      choices: [
        { id: 'id-1', label: 'Message id-1' },
        { id: 'id-0', label: 'Message id-0' },
      ],
    })
  })

  it('need a permission of the key', async () => {
    const simulator = await createBrazeSimulator({ permissions: ['users.track'] })
    simulators.push(simulator)
    expect(await ask(simulator, live, null)).toEqual({ kind: 'setup', code: 'access_denied' })
    const allowed = await createBrazeSimulator({ permissions: [permission] })
    simulators.push(allowed)
    expect(await ask(allowed, live, null)).toEqual({ kind: 'choices', choices: [] })
  })

  it.each<[string, unknown]>([
    ['a web page', undefined],
    ['no list', { message: 'success' }],
  ])('are not read from %s', (_, json) => {
    const response: VendorResponse = { status: 200, headers: {}, text: '', json, receivedAt: 0 }
    expect(live.interpret(response, { settings: {}, cursor: null })).toEqual({
      kind: 'unknown',
      code: 'unreadable_answer',
    })
  })

  it('leave out entries that are none', () => {
    const json = { [option]: [null, {}, { id: 1, name: 'x' }, { id: 'a', name: '' }] }
    const response: VendorResponse = { status: 200, headers: {}, text: '', json, receivedAt: 0 }
    expect(live.interpret(response, { settings: {}, cursor: null })).toEqual({
      kind: 'choices',
      choices: [{ id: 'a', label: 'a' }],
    })
  })
})
