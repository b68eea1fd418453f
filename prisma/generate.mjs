// Generates the Prisma client and the Pothos types. Runs after `npm ci`; needs no download.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { delimiter } from 'node:path'
import process from 'node:process'

const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js')
const result = spawnSync(process.execPath, [prisma, 'generate', '--schema', 'prisma/schema.prisma'], {
  encoding: 'utf8',
  // The generator of the Pothos types is found on the PATH, which only npm scripts have.
  // Generating needs no schema engine, yet the CLI would download one: any program that exists stops it.
  env: {
    ...process.env,
    PATH: `node_modules/.bin${delimiter}${process.env.PATH ?? ''}`,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    // Nor does it tell its makers about this machine.
    CHECKPOINT_DISABLE: '1',
  },
})
if (result.status !== 0) {
  console.error(result.stdout, result.stderr)
  process.exit(result.status ?? 1)
}
