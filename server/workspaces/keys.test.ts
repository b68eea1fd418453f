/** A workspace's key: what it seals can be opened by it alone, and nothing sealed shows that it is the same. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createKeyring, SealBrokenError, type WorkspaceKey } from './keys.ts'

function newKey(): WorkspaceKey {
  const keyring = createKeyring({ masterKey: randomBytes(32) })
  return keyring.unwrap(keyring.createWrappedKey())
}

const ivBytes = 12

describe('what a workspace key seals', () => {
  it('is opened by it, whatever letters it has', () => {
    const key = newKey()
    for (const text of ['', 'customer-1042', 'Zoë Yılmaz 😀']) {
      expect(key.open('position', key.seal('position', text))).toBe(text)
    }
  })

  it('never begins alike: a second use of the same beginning would give both texts away', () => {
    const keyring = createKeyring({ masterKey: randomBytes(32) })
    // Two workspaces, and more than are drawn at once.
    const keys = [keyring.unwrap(keyring.createWrappedKey()), keyring.unwrap(keyring.createWrappedKey())]
    const sealed = Array.from({ length: 1_500 }, (_, index) => keys[index % 2]?.seal('position', 'the same'))
    const beginnings = new Set(sealed.map((each) => Buffer.from(each ?? []).toString('hex', 0, ivBytes)))
    expect(beginnings.size).toBe(1_500)
  })

  it('is not changed by what is sealed after it', () => {
    const key = newKey()
    const first = key.seal('position', 'first')
    const copy = Uint8Array.from(first)
    for (let more = 0; more < 600; more += 1) key.seal('position', 'more')
    expect(first).toEqual(copy)
  })

  it('is not opened as something else, by another key, or when it was changed', () => {
    const key = newKey()
    const sealed = key.seal('position', 'customer-1042')
    expect(() => key.open('secrets', sealed)).toThrow(SealBrokenError)
    expect(() => newKey().open('position', sealed)).toThrow(SealBrokenError)
    expect(() =>
      key.open(
        'position',
        sealed.map((byte, index) => (index === 20 ? byte ^ 1 : byte)),
      ),
    ).toThrow(SealBrokenError)
  })
})
