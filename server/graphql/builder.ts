/** The schema builder: plugins, scalars and the rules of ids. It knows no type of ours. */
import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import DataloaderPlugin from '@pothos/plugin-dataloader'
import ErrorsPlugin from '@pothos/plugin-errors'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import ValidationPlugin from '@pothos/plugin-validation'
import { isObjectType } from 'graphql'
import type PrismaTypes from '../../prisma/generated/pothos-types.ts'
import { getDatamodel } from '../../prisma/generated/pothos-types.ts'
import { Forbidden } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { InvalidInput } from '../problems/rules.ts'
import { conflictPlugin } from './conflict-plugin.ts'
import { connectionOptions } from './connection-options.ts'
import { costOptions, costPlugin } from './cost.ts'
import { decodeGlobalId, encodeGlobalId } from './global-id.ts'
import { idempotencyPlugin } from './idempotency-plugin.ts'
import { countScalar, dateTimeScalar, jsonScalar } from './scalars.ts'

export const builder = new SchemaBuilder<{
  Context: Context
  PrismaTypes: PrismaTypes
  DefaultFieldNullability: false
  Scalars: {
    DateTime: { Input: Date; Output: Date }
    JSON: { Input: unknown; Output: unknown }
    Count: { Input: number; Output: number | bigint }
  }
}>({
  // Each wraps those after it: what the last one throws becomes a member of the union.
  plugins: [
    // What it says of a field counts, since the last ones have their say first.
    costPlugin,
    ComplexityPlugin,
    ErrorsPlugin,
    DataloaderPlugin,
    RelayPlugin,
    PrismaPlugin,
    ValidationPlugin,
    conflictPlugin,
    idempotencyPlugin,
  ],
  complexity: costOptions,
  defaultFieldNullability: false,
  errors: {
    // Whatever has a union of problems may be asked for without the right to it.
    defaultTypes: [Forbidden],
    directResult: true,
    // Without it a validation failure would be a top-level error instead of a member of the union.
    unsafelyHandleInputErrors: true,
    defaultUnionOptions: {
      name: ({ fieldName }) => `${fieldName.slice(0, 1).toUpperCase()}${fieldName.slice(1)}Result`,
      description: 'The result, or the problem that stands in its way.',
    },
  },
  prisma: {
    client: (context) => context.db,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    onUnusedQuery: 'error',
  },
  relay: {
    encodeGlobalID: encodeGlobalId,
    decodeGlobalID: decodeGlobalId,
    idFieldOptions: { description: 'Names the object for all times and all queries.' },
    nodeTypeOptions: { description: 'Anything with an id that can be read again through `node`.' },
    nodeQueryOptions: {
      description: 'Anything by its id; null when there is nothing, or the token does not cover it.',
      args: { id: { description: 'An id as this API returned it.' } },
      resolve: (_root, { id }, _context, info, resolveNode) =>
        isNode(info.schema.getType(id.typename)) ? resolveNode(id) : null,
    },
    nodesQueryOptions: false,
    ...connectionOptions,
  },
  validation: { validationError: ({ issues }) => new InvalidInput(issuesOf(issues)) },
})

builder.scalarType('DateTime', dateTimeScalar)
builder.scalarType('JSON', jsonScalar)
builder.scalarType('Count', countScalar)

builder.queryType({ description: 'What can be read.' })
builder.mutationType({
  description: 'What can be changed. Each returns a union: the result or a typed problem.',
})
builder.subscriptionType({
  description: 'What can be watched, over WebSocket (graphql-ws) or server-sent events.',
})

function isNode(type: unknown): boolean {
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node')
}
