// Downloads an archive, checks that it is the one we know, and takes one program out of it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EnvHttpProxyAgent, fetch } from 'undici'

export interface ProgramDownload {
  readonly url: string
  readonly sha256: string
  /** Name of the program in the archive, and the path it gets. */
  readonly program: string
  readonly target: string
}

const withinMs = 10 * 60_000

/** Undefined when it worked, else why not, for a person. */
export async function downloadProgram(download: ProgramDownload): Promise<string | undefined> {
  const archive = await fetchArchive(download.url)
  if (typeof archive === 'string') return archive
  const sha256 = createHash('sha256').update(archive).digest('hex')
  if (sha256 !== download.sha256)
    return `what came from ${download.url} has the checksum ${sha256}, not the known one`
  // Beside the target, so that renaming is one step and a program that is there is whole.
  const folder = await mkdtemp(join(dirname(download.target), 'download-'))
  try {
    await writeFile(join(folder, 'archive.tar.gz'), archive)
    const { status } = spawnSync('tar', ['-xzf', 'archive.tar.gz', download.program], {
      cwd: folder,
      stdio: 'ignore',
    })
    if (status !== 0) return 'the archive could not be unpacked with tar'
    await chmod(join(folder, download.program), 0o755)
    await rename(join(folder, download.program), download.target)
    return undefined
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function fetchArchive(url: string): Promise<Buffer | string> {
  try {
    const response = await fetch(url, {
      // Obeys HTTPS_PROXY and NO_PROXY, as the other tools of a machine do.
      dispatcher: new EnvHttpProxyAgent(),
      signal: AbortSignal.timeout(withinMs),
    })
    if (!response.ok) return `${url} answered ${response.status}`
    return Buffer.from(await response.arrayBuffer())
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer'
    return `${url} could not be reached (${code})`
  }
}
