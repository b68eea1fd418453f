/** Plans, sends over real HTTP and interprets, as the host does: the connector and the simulator put together. */
import type { PublicSettings, Verdict } from '@sluice/connector-sdk'
import connector from '../index.ts'
import { planOf, responseOf } from './action-cases.ts'
import type { BrazeSimulator } from './simulator.ts'
import { createClient } from './test-client.ts'

interface Delivering {
  readonly apiKey?: string
  readonly settings?: PublicSettings
}

/** The verdicts of each request. */
export async function deliver(
  braze: BrazeSimulator,
  name: string,
  payloads: readonly unknown[],
  { apiKey = braze.apiKey, settings = {} }: Delivering = {},
): Promise<Verdict[][]> {
  const action = connector.actions[name]
  if (action === undefined) throw new Error(`There is no action ${name}.`)
  const client = createClient(braze)
  const verdicts: Verdict[][] = []
  for (const request of planOf(action, payloads, settings)) {
    const body = request.body?.kind === 'json' ? request.body.value : undefined
    const {
      status,
      headers,
      body: json,
    } = await client.send(request.method, request.path, body, {
      ...request.headers,
      authorization: `Bearer ${apiKey}`,
    })
    const response = responseOf({
      status,
      headers: Object.fromEntries(headers),
      json: typeof json === 'string' ? undefined : json,
    })
    verdicts.push([...(action.interpret?.(request, response) ?? [])])
  }
  return verdicts
}
