/** Imports a connector from its sources and prints what it makes of its sample: once, in a process of its own. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { type Connector, isBranded } from '@sluice/connector-sdk'
import { describeSample } from './describe-sample.ts'
import { readSample } from './sample.ts'

const [folder = '', samplePath = ''] = process.argv.slice(2)
try {
  process.stdout.write(`${await show()}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n`)
  process.exitCode = 1
}

async function show(): Promise<string> {
  const entry = join(folder, 'src/index.ts')
  const { default: connector } = (await import(pathToFileURL(entry).href)) as { default?: unknown }
  if (!isBranded(connector, 'connector')) {
    throw new Error(`The default export of ${entry} is not made by defineConnector.`)
  }
  const text = await readFile(samplePath, 'utf8')
  return describeSample(connector as Connector, sampleOf(text))
}

function sampleOf(text: string) {
  try {
    return readSample(text)
  } catch (error) {
    throw new Error(`${samplePath} is no sample.\n${error instanceof Error ? error.message : ''}`)
  }
}
