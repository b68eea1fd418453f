/** Runs the simulator as a process of its own: prints its address as one JSON line, stops on SIGTERM or SIGINT. */
import { parseArgs } from 'node:util'
import { runVendor } from '@sluice/connector-testing/simulator'
import { createBrazeSimulator } from './simulator.ts'

const help = `Usage: serve [--port N] [--api-key KEY] [--unlimited] [--supervised]

  --port N       the port on 127.0.0.1 (default: any free one)
  --api-key KEY  the key it accepts (default: simulator-key)
  --unlimited    no rate limits
  --supervised   stop when standard input closes
  --help         this text

Prints {"url":"http://127.0.0.1:PORT"} when it is ready. SIGTERM and SIGINT stop it.
`

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        'api-key': { type: 'string', default: 'simulator-key' },
        unlimited: { type: 'boolean', default: false },
        supervised: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const port = Number(values.port)
    if (/^\d+$/.test(values.port) && port <= 65_535) return { ...values, port }
    return fail(`--port must be a number from 0 to 65535, not "${values.port}"`)
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${help}`)
  process.exit(2)
}

const { port, 'api-key': apiKey, unlimited, supervised, help: wantsHelp } = readArguments()
if (wantsHelp) {
  process.stdout.write(help)
  process.exit(0)
}

const limit = Number.POSITIVE_INFINITY
const rates = unlimited
  ? {
      trackRequestsPerWindow: limit,
      deleteRequestsPerWindow: limit,
      subscriptionRequestsPerWindow: limit,
      messageRequestsPerWindow: limit,
      catalogRequestsPerWindow: limit,
      exportRequestsPerWindow: limit,
    }
  : {}
await runVendor(createBrazeSimulator({ port, apiKey, keepRequests: 0, ...rates }), {
  port,
  isSupervised: supervised,
  fail,
})
