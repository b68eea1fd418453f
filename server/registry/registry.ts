/** The plugins of this process: what is installed and usable, and what is not and why. Never changes. */
import type { Connector, Source } from '@sluice/connector-sdk'
import type { Plugins } from '../../engine/compile.ts'

export const roles = ['connector', 'source'] as const
/** What a package says it is. */
export type Role = (typeof roles)[number]

export interface InstalledConnector {
  readonly definition: Connector
  readonly packageName: string
  readonly packageVersion: string
}

export interface InstalledSource {
  readonly definition: Source
  readonly packageName: string
  readonly packageVersion: string
}

/** A package that declares a role and cannot be used. */
export interface UnavailablePlugin {
  readonly packageName: string
  readonly packageVersion?: string
  /** Left out where that could not be told. */
  readonly role?: Role
  /** Stable, see docs/errors.md. */
  readonly code: string
  /** For people: what is wrong and what to do. */
  readonly reason: string
}

export interface Registry {
  connectors(): readonly InstalledConnector[]
  connector(id: string): InstalledConnector | undefined
  sources(): readonly InstalledSource[]
  source(id: string): InstalledSource | undefined
  unavailable(): readonly UnavailablePlugin[]
  /** The definitions alone, as lanes are compiled with them. */
  readonly plugins: Plugins
}

export interface RegistryContents {
  readonly connectors: readonly InstalledConnector[]
  readonly sources: readonly InstalledSource[]
  readonly unavailable: readonly UnavailablePlugin[]
}

export function createRegistry({ connectors, sources, unavailable }: RegistryContents): Registry {
  const connectorsById = new Map(connectors.map((each) => [each.definition.id, each]))
  const sourcesById = new Map(sources.map((each) => [each.definition.id, each]))
  return {
    connectors: () => connectors,
    connector: (id) => connectorsById.get(id),
    sources: () => sources,
    source: (id) => sourcesById.get(id),
    unavailable: () => unavailable,
    plugins: {
      connector: (id) => connectorsById.get(id)?.definition,
      source: (id) => sourcesById.get(id)?.definition,
    },
  }
}
