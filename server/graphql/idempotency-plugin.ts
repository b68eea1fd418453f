/** Gives every mutation the argument `idempotencyKey`, and answers a repeated one instead of doing it again. */
import SchemaBuilder, {
  BasePlugin,
  type PothosInputFieldConfig,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core'
import { resolveNodes } from '@pothos/plugin-relay'
import { type GraphQLFieldResolver, type GraphQLResolveInfo, getNamedType, isAbstractType } from 'graphql'
import type { Context } from '../context.ts'
import {
  AlreadyDone,
  type DoneRequest,
  IdempotencyKeyReused,
  idempotencyKeySchema,
} from '../idempotency/rules.ts'
import { findDone, keyedRequest } from '../idempotency/service.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'

const pluginName = 'idempotency'

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      [pluginName]: IdempotencyPlugin<Types>
    }
  }
}

const argument = 'idempotencyKey'
const problems = [InvalidInput, IdempotencyKeyReused, AlreadyDone]

class IdempotencyPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    if (field.kind !== 'Mutation') return field
    const { args, name, parentType, pothosOptions } = field
    const { errors } = pothosOptions
    return {
      ...field,
      args: { ...args, [argument]: argumentOf(name, parentType) },
      pothosOptions: {
        ...pothosOptions,
        ...(errors && { errors: { ...errors, types: [...new Set([...(errors.types ?? []), ...problems])] } }),
      },
    }
  }

  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (kind !== 'Mutation') return resolve
    return async (
      parent,
      { [argument]: key, ...args }: { readonly [argument]?: string | null },
      context,
      info,
    ) => {
      if (key === undefined || key === null) return resolve(parent, args, context, info)
      const asked = context as Context
      const keyed = keyedRequest(asked, { key, verb: info.fieldName, input: args })
      const before = await findDone(asked, keyed)
      if (before !== null) return this.#answerAgain(before, asked, info)
      try {
        return await resolve(parent, args, { ...asked, keyed }, info)
      } catch (error) {
        // It may have failed because another one with the same key was faster; what it did itself stands.
        const meanwhile = await findDone(asked, keyed)
        if (meanwhile === null || meanwhile.attempt === keyed.attempt) throw error
        return this.#answerAgain(meanwhile, asked, info)
      }
    }
  }

  /** The entity as it is now, where that is what the mutation returns. */
  async #answerAgain(done: DoneRequest, context: Context, info: GraphQLResolveInfo): Promise<unknown> {
    const { entity, entityId } = done
    if (!canReturn(info, entity)) throw new AlreadyDone(done)
    const [node] = await resolveNodes(this.builder, context, info, [{ typename: entity, id: entityId }])
    const found = await node
    if (found === null || found === undefined) throw new NotFound(entity, entityId)
    return found
  }
}

function canReturn({ returnType, schema }: GraphQLResolveInfo, entity: string): boolean {
  const type = getNamedType(returnType)
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
  return types.some(({ name }) => name === entity)
}

function argumentOf<Types extends SchemaTypes>(
  parentField: string,
  parentType: string,
): PothosInputFieldConfig<Types> {
  return {
    kind: 'Arg',
    graphqlKind: 'Arg',
    name: argument,
    parentField,
    parentType,
    type: { kind: 'Scalar', ref: 'String', required: false },
    description:
      'Makes it safe to send again: with the same key it is done once, and what it changed is returned. Use a new one, such as a UUID, for each thing that is to be done; it is remembered for 24 hours.',
    pothosOptions: { type: 'String', required: false, validate: idempotencyKeySchema },
  }
}

SchemaBuilder.registerPlugin(pluginName, IdempotencyPlugin)

export { pluginName as idempotencyPlugin }
