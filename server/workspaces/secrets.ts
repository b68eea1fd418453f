/** The secrets of a connector or data source as they are stored: one sealed JSON object. */
import { z } from 'zod'
import type { WorkspaceKey } from './keys.ts'
import type { WorkspaceKeys } from './workspace-keys.ts'

export type Secrets = Readonly<Record<string, string>>

const secretsSchema = z.record(z.string(), z.string())

/** Null when there are none. */
export function sealSecrets(key: WorkspaceKey, secrets: Secrets): Uint8Array<ArrayBuffer> | null {
  return Object.keys(secrets).length === 0 ? null : key.seal('secrets', JSON.stringify(secrets))
}

export function openSecrets(key: WorkspaceKey, sealed: Uint8Array | null): Secrets {
  return sealed === null ? {} : secretsSchema.parse(JSON.parse(key.open('secrets', sealed)))
}

/** Which secrets are set: all that ever comes out. */
export async function secretNamesSet(
  keys: WorkspaceKeys,
  { workspaceId, secrets }: { readonly workspaceId: string; readonly secrets: Uint8Array | null },
): Promise<string[]> {
  return secrets === null ? [] : Object.keys(openSecrets(await keys.of(workspaceId), secrets)).toSorted()
}
