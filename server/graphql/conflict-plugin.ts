/** Gives every conflict of revisions the edit that met it, so that both sides can be shown. */
import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { RevisionConflict } from '../problems/rules.ts'
import { isRecord } from '../workspaces/json.ts'

const pluginName = 'conflict'

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      [pluginName]: ConflictPlugin<Types>
    }
  }
}

class ConflictPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (kind !== 'Mutation') return resolve
    return async (parent, args, context, info) => {
      try {
        return await resolve(parent, args, context, info)
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error
        const { entity, entityId, currentRevision } = error
        const edit = 'input' in args && isRecord(args.input) ? args.input : {}
        throw new RevisionConflict(entity, entityId, currentRevision, edit)
      }
    }
  }
}

SchemaBuilder.registerPlugin(pluginName, ConflictPlugin)

export const conflictPlugin = pluginName
