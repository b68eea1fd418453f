/** The demo's vendor keeps its port and key over restarts, since the demo's connector names them. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { findFreePort } from '../embedded/free-port.ts'
import { isListening } from '../embedded/is-listening.ts'
import { demoFolder } from '../source-dirs.ts'

const schema = z.object({ port: z.int(), apiKey: z.string() })
type Remembered = z.output<typeof schema>

export async function rememberedSimulator(dataFolder: string): Promise<Remembered> {
  const path = join(demoFolder(dataFolder), 'simulator.json')
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

/** The simulator's own count of distinct users since it started. */
export async function simulatorStats(url: string): Promise<{ readonly receivedUsers: number }> {
  const response = await fetch(new URL('/_simulator/stats', url))
  return z.object({ receivedUsers: z.int() }).parse(await response.json())
}
