/** How the source's type writes SQL; its package may have gone since the source was made. */
import { type Dialect, SourceError } from '@sluice/connector-sdk'
import type { ConnectionDocument } from '../../engine/documents.ts'
import type { Registry } from '../registry/registry.ts'

export function installedDialect(registry: Registry, { type }: Pick<ConnectionDocument, 'type'>): Dialect {
  const installed = registry.source(type)
  if (installed === undefined)
    throw new SourceError('bad_settings', `The source type ${type} is not installed.`)
  return installed.definition.dialect
}
