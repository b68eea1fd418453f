/** The simulated vendor of a measurement: without limits, in a process of its own. */
import { type Role, startRole } from '../server/start/roles.ts'

export interface Vendor {
  readonly url: string
  readonly apiKey: string
  readonly stop: Role['stop']
}

const apiKey = 'bench'

/** One for each measurement: one that knows the users already would be faster. */
export async function startVendor(logs: string): Promise<Vendor> {
  const { ready, stop } = await startRole({
    name: 'simulator',
    program: 'plugins/connector-braze/src/testing/serve.ts',
    args: ['--unlimited', '--supervised', '--api-key', apiKey],
    logs,
  })
  return { url: String(ready['url']), apiKey, stop }
}
