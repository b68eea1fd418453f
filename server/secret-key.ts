/** The installation's key: from the environment, else a generated file that only its owner can read. */
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const keyBytes = 32

/** There is no key, and this process may not make one. */
export class SecretKeyError extends Error {
  override readonly name = 'SecretKeyError'
  readonly code = 'no_secret_key'
  constructor(path: string) {
    super(
      `There is no key: set SLUICE_SECRET_KEY (32 bytes, base64), or let "npm start" make one in the data folder (looked for ${path}).`,
    )
  }
}

interface Options {
  readonly secretKey?: Uint8Array
  readonly dataFolder: string
  /** Whether a missing key may be generated. */
  readonly mayCreate: boolean
}

export async function loadSecretKey({ secretKey, dataFolder, mayCreate }: Options): Promise<Uint8Array> {
  if (secretKey !== undefined) return secretKey
  const path = join(dataFolder, 'secret.key')
  try {
    const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64')
    if (key.length !== keyBytes) throw new SecretKeyError(path)
    return key
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!isMissing) throw error
    if (!mayCreate) throw new SecretKeyError(path)
  }
  const key = randomBytes(keyBytes)
  // Exclusive: a key that exists is never overwritten, or everything sealed with it would be lost.
  await writeFile(path, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return key
}
