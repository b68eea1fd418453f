/** Generates what workers run workflows from. Runs after `npm ci`; needs no download. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { generateWorkflowBundle } from './bundle.ts'

const help = `Usage: npm run generate:workflows -- [--help]

Bundles the workflows, once for all workers. A worker whose bundle is not of today's sources makes its own, at each
start: after a change of workflows/ this saves it some seconds.
`

const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } })
if (values.help) process.stdout.write(help)
else await generateWorkflowBundle()
