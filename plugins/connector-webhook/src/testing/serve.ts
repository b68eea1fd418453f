/** Runs the webhook receiver as a process of its own: prints its address as one JSON line, stops on SIGTERM or SIGINT. */
import { parseArgs } from 'node:util'
import { createWebhookReceiver, runVendor } from '@sluice/connector-testing/simulator'

const help = `Usage: serve [--port N] [--keep N] [--supervised]

  --port N       the port on 127.0.0.1 (default: any free one)
  --keep N       how many of the latest requests it shows (default: 100)
  --supervised   stop when standard input closes
  --help         this text

Takes any request at any path but /, which is a page that shows them.
Prints {"url":"http://127.0.0.1:PORT"} when it is ready. SIGTERM and SIGINT stop it.
`

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        keep: { type: 'string', default: '100' },
        supervised: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    return { ...values, port: wholeNumber('port', values.port), keep: wholeNumber('keep', values.keep) }
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number <= 65_535) return number
  return fail(`--${name} must be a number from 0 to 65535, not "${text}"`)
}

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${help}`)
  process.exit(2)
}

const { help: wantsHelp, keep, port, supervised } = readArguments()
if (wantsHelp) {
  process.stdout.write(help)
  process.exit(0)
}

await runVendor(createWebhookReceiver({ port, keepRequests: keep }), { port, isSupervised: supervised, fail })
