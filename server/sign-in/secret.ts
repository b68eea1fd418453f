/** The key that signs cookies: made of the installation's, so that all servers have the same one. */
import { hkdfSync } from 'node:crypto'

export function signInSecret(masterKey: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'sluice sign-in', 32)).toString('base64')
}
