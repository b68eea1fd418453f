// Builds a Go program where Go is installed: slow, but all it needs is the Go module proxy.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { childEnvironment } from '../env.ts'

export interface ProgramBuild {
  readonly go: string
  /** With its version: path@v1.2.3. */
  readonly goPackage: string
  readonly target: string
  /** Where Go may keep what it downloads when the user has no home of their own. */
  readonly goFolder?: string | undefined
  readonly report: (line: string) => void
}

const progressMs = 30_000

/** Undefined when it worked, else why not, for a person. */
export async function buildProgram({
  go,
  goPackage,
  target,
  goFolder,
  report,
}: ProgramBuild): Promise<string | undefined> {
  if (spawnSync(go, ['version'], { stdio: 'ignore' }).status !== 0) return 'Go is not installed'
  const folder = await mkdtemp(join(dirname(target), 'build-'))
  report(`Temporal: building ${goPackage} with Go; the first time this takes some minutes`)
  const started = performance.now()
  const progress = setInterval(() => {
    report(`Temporal: still building, ${Math.round((performance.now() - started) / 1000)} s`)
  }, progressMs)
  try {
    const build = spawn(go, ['install', '-modcacherw', goPackage], {
      cwd: folder,
      env: childEnvironment({
        GOBIN: folder,
        ...(goFolder !== undefined && { GOPATH: join(goFolder, 'go'), GOCACHE: join(goFolder, 'go-build') }),
      }),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const complaints: string[] = []
    build.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text))
    const [status] = await once(build, 'close')
    if (status !== 0)
      return `go install ${goPackage} failed: ${complaints.join('').trim().split('\n').at(-1)}`
    await rename(join(folder, basename(target)), target)
    return undefined
  } finally {
    clearInterval(progress)
    await rm(folder, { recursive: true })
  }
}
