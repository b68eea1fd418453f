/** Secrets as people may see them: not at all. */
import type { Secrets } from '../workspaces/secrets.ts'

const mask = '********'

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
  const percent = encodeURIComponent(secret.replace(/\p{Cs}/gu, '\ufffd'))
  const json = JSON.stringify(secret).slice(1, -1)
  const twice = JSON.stringify(json).slice(1, -1)
  return [...new Set([percent, twice, json, secret])].toSorted((a, b) => b.length - a.length)
}
