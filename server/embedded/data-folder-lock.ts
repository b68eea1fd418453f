// One process at a time in a data folder, also after that process was killed.
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedError } from './embedded-error.ts'
import { isNodeError } from './node-error.ts'
import { identifyProcess, isProcessIdentity, isRunning, pidOf } from './process-identity.ts'

/** Two that start at the same moment both step back; after so many different waits one of them is alone. */
const attempts = 6
const longestWaitMs = 100

/**
 * Everybody who wants the folder puts a file with the name of their process into `lock`, then looks who else is
 * there. Files of processes that are no more count for nothing, so there is nothing to repair after a kill.
 */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  const lockFolder = join(folder, 'lock')
  await mkdir(lockFolder, { recursive: true, mode: 0o700 })
  let holder: number | undefined
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const claim = await claimFor(lockFolder)
    holder = claim === undefined ? process.pid : await findOther(lockFolder, claim)
    if (holder === undefined && claim !== undefined) return () => rm(claim.path, { force: true })
    if (claim === undefined) break
    await rm(claim.path, { force: true })
    await sleep(Math.random() * longestWaitMs)
  }
  throw new EmbeddedError(
    'data_folder_in_use',
    `The data folder ${folder} is in use by process ${holder}. End that one first, or start with another SLUICE_DATA_DIR.`,
  )
}

interface Claim {
  readonly name: string
  readonly path: string
}

/** Undefined when this process already holds the folder. */
async function claimFor(lockFolder: string): Promise<Claim | undefined> {
  const name = identifyProcess(process.pid)
  if (name === undefined)
    throw new EmbeddedError('data_folder_unusable', 'This system does not tell our own process.')
  const path = join(lockFolder, name)
  try {
    await (await open(path, 'wx', 0o600)).close()
    return { name, path }
  } catch (error) {
    if (isNodeError(error, 'EEXIST')) return undefined
    throw error
  }
}

async function findOther(lockFolder: string, own: Claim): Promise<number | undefined> {
  const others = (await readdir(lockFolder)).filter((name) => name !== own.name && isProcessIdentity(name))
  const running = others.filter((name) => isProcessIdentity(name) && isRunning(name))
  const dead = others.filter((name) => !running.includes(name))
  await Promise.all(dead.map((name) => rm(join(lockFolder, name), { force: true })))
  const [first] = running.filter(isProcessIdentity)
  return first === undefined ? undefined : pidOf(first)
}
