// Finds a program that is a Temporal server, or gets one.
import { spawnSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { buildProgram } from './build-program.ts'
import { downloadProgram } from './download-program.ts'
import { EmbeddedError } from './embedded-error.ts'
import { openProgramCache } from './program-cache.ts'
import { type Archive, archiveFor, goPackage, temporalVersion } from './temporal-release.ts'

export interface TemporalProgram {
  readonly command: string
  /** For a person: where it was found. */
  readonly origin: string
}

export interface TemporalProgramOptions {
  readonly cacheDir: string
  readonly report: (line: string) => void
  /** What this machine offers; given by tests. */
  readonly machine?: Machine
}

interface Machine {
  /** The command of an installed Temporal CLI. */
  readonly temporal: string
  readonly go: string
  readonly archive: Archive | undefined
}

/** In the order of what costs least: installed, kept, downloaded, built. */
export async function findTemporalProgram(options: TemporalProgramOptions): Promise<TemporalProgram> {
  const { report, machine = thisMachine() } = options
  if (isTemporal(machine.temporal)) return { command: machine.temporal, origin: 'found on the PATH' }
  // Also in a cache that we may not write, for example of an image.
  const kept = programIn(options.cacheDir)
  if (isTemporal(kept)) return { command: kept, origin: `kept in ${dirname(kept)}` }
  const cache = await openProgramCache(options.cacheDir)
  const command = programIn(cache.folder)
  const folder = dirname(command)
  if (isTemporal(command)) return { command, origin: `kept in ${folder}` }
  await mkdir(folder, { recursive: true })

  const failures: string[] = []
  if (machine.archive === undefined) failures.push('no release for this kind of machine')
  else {
    report(`Temporal: downloading ${machine.archive.url}`)
    const failure = await downloadProgram({ ...machine.archive, program: 'temporal', target: command })
    if (failure === undefined && isTemporal(command)) return { command, origin: `downloaded to ${folder}` }
    failures.push(failure ?? 'the downloaded program does not run on this machine')
  }
  const goFolder = cache.isTemporary ? cache.folder : undefined
  const failure = await buildProgram({ go: machine.go, goPackage, target: command, goFolder, report })
  if (failure === undefined && isTemporal(command)) return { command, origin: `built in ${folder}` }
  failures.push(failure ?? 'the program that was built does not run')
  throw new EmbeddedError(
    'temporal_unavailable',
    `There is no Temporal server: none on the PATH, none in ${folder}; ${failures.join('; ')}. Set TEMPORAL_ADDRESS to a running server, or install the Temporal CLI (https://docs.temporal.io/cli), or put its program at ${command}, or install Go.`,
  )
}

function programIn(cacheFolder: string): string {
  return join(cacheFolder, `temporal-cli-${temporalVersion}`, 'temporal')
}

function thisMachine(): Machine {
  return { temporal: 'temporal', go: 'go', archive: archiveFor(process.platform, process.arch) }
}

/** Whether a command is a Temporal CLI that runs here and brings a server. */
function isTemporal(command: string): boolean {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' })
  return status === 0 && /^temporal version .*\bServer \d/.test(stdout)
}
