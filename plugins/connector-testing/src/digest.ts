/** The hashes of templates, by Node. */
import { createHash, createHmac } from 'node:crypto'
import type { DigestRequest } from '../../../engine/templates/template.ts'

export function digest({ algorithm, text, encoding, key }: DigestRequest): string {
  const hash = key === undefined ? createHash(algorithm) : createHmac(algorithm, key)
  return hash.update(text, 'utf8').digest(encoding)
}
