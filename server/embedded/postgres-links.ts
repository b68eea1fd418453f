// The links between PostgreSQL's libraries, which an npm package cannot hold.
import { randomUUID } from 'node:crypto'
import { readFile, readlink, rename, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'
import { isNodeError } from './node-error.ts'

/** Does what the package's install script does, which is not run. `home` is a folder named native. */
export async function createLinks(home: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(home, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of parseLinks(list)) {
    const path = join(home, '..', target)
    const content = relative(dirname(target), source)
    if ((await readLinkIfThere(path)) === content) continue
    // Made beside and renamed: another start may be doing the same.
    const temporary = `${path}.${randomUUID()}`
    await symlink(content, temporary)
    await rename(temporary, path)
  }
}

interface Link {
  /** What exists, as a path that begins with native/. */
  readonly source: string
  /** The name it also needs. */
  readonly target: string
}

function parseLinks(list: unknown): readonly Link[] {
  const isLink = (link: unknown): link is Link =>
    typeof link === 'object' &&
    link !== null &&
    'source' in link &&
    'target' in link &&
    [link.source, link.target].every((path) => typeof path === 'string' && /^native\/(?!.*\.\.)/.test(path))
  if (Array.isArray(list) && list.every(isLink)) return list
  throw new EmbeddedError(
    'postgres_unusable',
    'The list of links in the PostgreSQL package has another form.',
  )
}

async function readLinkIfThere(path: string): Promise<string | undefined> {
  try {
    return await readlink(path)
  } catch (error) {
    if (isNodeError(error, 'ENOENT', 'EINVAL')) return undefined
    throw error
  }
}
