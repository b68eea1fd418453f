/** Operations that clients name by a hash instead of sending them; perhaps the only ones that are answered. */
import {
  defaultExtractPersistedOperationId,
  usePersistedOperations,
} from '@graphql-yoga/plugin-persisted-operations'
import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'

export interface PersistedOperations {
  /** By the hash that clients send. */
  readonly documents: ReadonlyMap<string, string>
  /** Whether no other document is answered. */
  readonly isOnly: boolean
}

const unknownOperation = {
  message: 'No operation with this hash is known here. Add it to the file of SLUICE_PERSISTED_OPERATIONS.',
  extensions: { code: 'unknown_operation' },
}

const onlyPersisted = {
  message:
    'Only operations that were registered are answered here. Send the hash of one instead of a document.',
  extensions: { code: 'only_persisted_operations' },
}

/** Over HTTP. */
export function createPersistedOperations({ documents, isOnly }: PersistedOperations): Plugin {
  return usePersistedOperations({
    getPersistedOperation: (hash) => documents.get(hash) ?? null,
    allowArbitraryOperations: !isOnly,
    customErrors: {
      notFound: unknownOperation,
      keyNotFound: unknownOperation,
      persistedQueryOnly: onlyPersisted,
    },
  })
}

interface Asked {
  readonly query?: string | null | undefined
  readonly extensions?: Record<string, unknown> | null | undefined
}

/** Over WebSocket, which the plugin does not see: the document that is meant. */
export function documentOf(
  operations: PersistedOperations | undefined,
  { query, extensions }: Asked,
): string {
  if (operations === undefined) return query ?? ''
  if (query) {
    if (operations.isOnly) throw new GraphQLError(onlyPersisted.message, onlyPersisted)
    return query
  }
  const hash = defaultExtractPersistedOperationId(
    { extensions: extensions ?? {} },
    new Request('http://localhost'),
    {},
  )
  const document = hash === null ? undefined : operations.documents.get(hash)
  if (document === undefined) throw new GraphQLError(unknownOperation.message, unknownOperation)
  return document
}
