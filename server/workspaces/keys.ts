/** A workspace's data key: seals what must be read again, hashes what must only be compared. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const cipher = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** What is sealed: stands in the authenticated data, so that a sealed secret can't be read as a position. */
export type SealedKind =
  | 'secrets'
  | 'grant'
  | 'verifier'
  | 'position'
  | 'started'
  | 'job'
  | 'candidates'
  | 'prepared'
  | 'workspace-key'

export interface WorkspaceKey {
  seal(kind: SealedKind, text: string): Uint8Array<ArrayBuffer>
  open(kind: SealedKind, sealed: Uint8Array): string
  /** Keyed hash (HMAC-SHA-256, 16 bytes) for comparing recipients and unknown vendor codes. */
  hash(text: string): Uint8Array<ArrayBuffer>
}

/** The key does not fit what it should open: SLUICE_SECRET_KEY has changed, or the data was tampered with. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError'
  readonly code = 'seal_broken'
  constructor() {
    super(
      'Encrypted data cannot be opened: SLUICE_SECRET_KEY is not the one it was written with. Restore that key.',
    )
  }
}

/** Makes and opens workspace keys under the installation's master key (32 bytes). */
export function createKeyring({ masterKey }: { readonly masterKey: Uint8Array }) {
  const nextIv = createIvs()
  const hashing = derive(masterKey, 'installation hash')
  return {
    /** Keyed hash (HMAC-SHA-256) of what is compared before a workspace is known. */
    hash: (text: string) => new Uint8Array(createHmac('sha256', hashing).update(text).digest()),
    /** A new data key, wrapped: the only form in which it is stored. */
    createWrappedKey(): Uint8Array<ArrayBuffer> {
      return seal(masterKey, 'workspace-key', randomBytes(32).toString('base64'), nextIv())
    },
    unwrap(wrapped: Uint8Array): WorkspaceKey {
      const dataKey = Buffer.from(open(masterKey, 'workspace-key', wrapped), 'base64')
      const sealing = derive(dataKey, 'seal')
      const hashing = derive(dataKey, 'hash')
      return {
        seal: (kind, text) => seal(sealing, kind, text, nextIv()),
        open: (kind, sealed) => open(sealing, kind, sealed),
        hash: (text) => new Uint8Array(createHmac('sha256', hashing).update(text).digest().subarray(0, 16)),
      }
    },
  }
}
export type Keyring = ReturnType<typeof createKeyring>

/** Random bytes by the block: asking for twelve costs as much as asking for thousands. */
function createIvs(): () => Uint8Array {
  let block = new Uint8Array(0)
  let used = 0
  return () => {
    if (used === block.length) {
      block = randomBytes(ivBytes * 256)
      used = 0
    }
    used += ivBytes
    return block.subarray(used - ivBytes, used)
  }
}

function derive(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', `sluice:${purpose}`, 32))
}

function seal(key: Uint8Array, kind: SealedKind, text: string, iv: Uint8Array): Uint8Array<ArrayBuffer> {
  const sealing = createCipheriv(cipher, key, iv).setAAD(Buffer.from(kind))
  const body = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
  return new Uint8Array(Buffer.concat([iv, sealing.getAuthTag(), body]))
}

function open(key: Uint8Array, kind: SealedKind, sealed: Uint8Array): string {
  try {
    const opening = createDecipheriv(cipher, key, sealed.subarray(0, ivBytes)).setAAD(Buffer.from(kind))
    opening.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
    return Buffer.concat([opening.update(sealed.subarray(ivBytes + tagBytes)), opening.final()]).toString(
      'utf8',
    )
  } catch {
    throw new SealBrokenError()
  }
}
