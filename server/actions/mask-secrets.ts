/** Secrets as people may see them: not at all. */
import { mask } from '../../engine/sending/masked.ts'
import { percentEncoded, withinJson } from '../../engine/sending/written-text.ts'
import type { Secrets } from '../workspaces/secrets.ts'

/** The same names with masks for values. */
export function masked(secrets: Secrets): Secrets {
  return Object.fromEntries(Object.keys(secrets).map((name) => [name, mask]))
}

/** A text of the vendor, who may quote what it was given, as it is written in URLs, in JSON, and in JSON within JSON too. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    for (const form of formsOf(secret)) clean = clean.replaceAll(form, mask)
  }
  return clean
}

/** The longest first, so that none leaves a piece of another. */
function formsOf(secret: string): readonly string[] {
  if (secret === '') return []
  const json = withinJson(secret)
  return [...new Set([percentEncoded(secret), withinJson(json), json, secret])].toSorted(
    (a, b) => b.length - a.length,
  )
}
