/** The demo's vendors keep their ports and keys over restarts, since the demo's connectors name them. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { findFreePort } from '../embedded/free-port.ts'
import { isListening } from '../embedded/is-listening.ts'
import { demoFolder } from '../source-dirs.ts'

const schema = z.object({ port: z.int(), apiKey: z.string() })
type Remembered = z.output<typeof schema>

/** `name` is that of its process. */
export async function rememberedVendor(
  dataFolder: string,
  name: 'simulator' | 'receiver',
): Promise<Remembered> {
  const path = join(demoFolder(dataFolder), `${name}.json`)
  const known = await read(path)
  if (known !== null && !(await isListening(known.port))) return known
  const remembered = { port: await findFreePort(), apiKey: known?.apiKey ?? randomBytes(16).toString('hex') }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // In one step: a start that is killed here leaves no half of it.
  await writeFile(`${path}.new`, JSON.stringify(remembered), { mode: 0o600 })
  await rename(`${path}.new`, path)
  return remembered
}

async function read(path: string): Promise<Remembered | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** The vendor's own count since it started: of distinct users, or of records in webhooks. */
export async function receivedBy(url: string): Promise<number> {
  const response = await fetch(new URL('/_simulator/stats', url))
  const users = z.object({ receivedUsers: z.int() }).transform(({ receivedUsers }) => receivedUsers)
  const records = z.object({ records: z.int() }).transform(({ records }) => records)
  return z.union([users, records]).parse(await response.json())
}
