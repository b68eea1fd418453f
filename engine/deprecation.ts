/** How long a connector's type stays: whether it still works, and why it should not be used any more. */
import type { Connector, Deprecation } from '@sluice/connector-sdk'

/** Null where nothing is said: the usual. */
export function deprecationOf({ deprecated }: Pick<Connector, 'deprecated'>): Deprecation | null {
  if (deprecated === undefined) return null
  return typeof deprecated === 'string' ? { kind: 'functional', reason: deprecated } : deprecated
}

/** Why nothing is sent through it any more; null where something is. */
export function whyDiscontinued(definition: Pick<Connector, 'deprecated'>): string | null {
  const deprecation = deprecationOf(definition)
  return deprecation?.kind === 'full' ? deprecation.reason : null
}
