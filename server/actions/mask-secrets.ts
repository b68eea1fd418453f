/** Secrets as people may see them: not at all. */
import type { Secrets } from '../workspaces/secrets.ts'

const mask = '********'

/** The same names with masks for values. */
export function masked(secrets: Secrets): Secrets {
  return Object.fromEntries(Object.keys(secrets).map((name) => [name, mask]))
}

/** A text of the vendor, who may quote what it was given. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, mask)
  return clean
}
