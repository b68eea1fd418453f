/** Opens a connection to a source: finds its plugin, unseals its secrets, says which folders it may read. */
import type { SourceConnection } from '@sluice/connector-sdk'
import type { Registry } from '../registry/registry.ts'
import { createAddressRules } from '../transport/private-addresses.ts'
import { openSecrets } from '../workspaces/secrets.ts'
import type { WorkspaceKeys } from '../workspaces/workspace-keys.ts'
import { SourceTypeMissing } from './rules.ts'

/** What a connection needs to know of a source; secrets are sealed. */
export interface SourceToConnect {
  readonly workspaceId: string
  readonly type: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets: Uint8Array | null
}

export type ConnectSource = (source: SourceToConnect) => Promise<SourceConnection>

interface Deps {
  readonly registry: Registry
  readonly workspaceKeys: WorkspaceKeys
  /** Real paths of SLUICE_SOURCE_DIRS. */
  readonly allowedDirectories: readonly string[]
  /** Hosts and ranges that may be reached although they are private. */
  readonly allowPrivateHosts: readonly string[]
}

export function createConnectSource({
  registry,
  workspaceKeys,
  allowedDirectories,
  allowPrivateHosts,
}: Deps): ConnectSource {
  const { isAllowed: isAddressAllowed } = createAddressRules(allowPrivateHosts)
  return async ({ workspaceId, type, settings, secrets }) => {
    const installed = registry.source(type)
    if (installed === undefined) throw new SourceTypeMissing(type)
    const opened = secrets === null ? {} : openSecrets(await workspaceKeys.of(workspaceId), secrets)
    return installed.definition.connect(settings, opened, { allowedDirectories, isAddressAllowed })
  }
}

/** A text that differs whenever a source may have changed; null where the source can't tell. */
export type SourceChangeToken = (source: Pick<SourceToConnect, 'type' | 'settings'>) => Promise<string | null>

export function createSourceChangeToken({
  registry,
  allowedDirectories,
}: Pick<Deps, 'registry' | 'allowedDirectories'>): SourceChangeToken {
  return async ({ type, settings }) => {
    const definition = registry.source(type)?.definition
    return (await definition?.changeToken?.(settings, { allowedDirectories })) ?? null
  }
}
