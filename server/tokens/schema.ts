/** API tokens in GraphQL: listed, made, revoked; their values come out once. */
import { z } from 'zod'
import { requireRight, rights, within } from '../access/rules.ts'
import { RightRef } from '../access/types.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { givenOnly } from '../workspaces/given.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { defaultTokenDays, mostTokenDays } from './rules.ts'
import { type CreatedApiToken, createApiToken, revokeApiToken } from './service.ts'

const ApiTokenRef = builder.prismaNode('ApiToken', {
  id: { field: 'id', description: 'Its id.' },
  // Tokens of the installation itself are no configuration of anybody's.
  findUnique: (id, { access }) => ({
    id,
    AND: [{ workspaceId: { not: null } }, within(access, 'administer')],
  }),
  nullable: true,
  fields: (t) => ({
    name: t.exposeString('name'),
    scopes: t.field({
      type: [RightRef],
      description: 'What it may do, as far as its maker may.',
      resolve: ({ scopes }) => z.array(z.enum(rights)).parse(scopes),
    }),
    createdBy: t.string({
      nullable: true,
      description: 'The name of the member who made it; null: the owner of the installation.',
      select: { createdBy: { select: { user: { select: { name: true } } } } },
      resolve: ({ createdBy }) => createdBy?.user.name ?? null,
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
})

const ApiTokensRef = builder.objectRef<{ readonly workspaceId: string }>('ApiTokens').implement({
  description: 'The API tokens of a workspace.',
  fields: (t) => ({
    tokens: t.prismaField({
      type: [ApiTokenRef],
      description: 'Those that have expired too, by name.',
      resolve: (query, { workspaceId }, _args, { db }) =>
        db.apiToken.findMany({ ...query, where: { workspaceId }, orderBy: { name: 'asc' } }),
    }),
  }),
})

const CreatedApiTokenRef = builder.objectRef<CreatedApiToken>('CreatedApiToken').implement({
  description: 'An API token with its value.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description: 'Send it as `Authorization: Bearer <token>`. It is shown this once and kept as a hash.',
    }),
    apiToken: t.prismaField({
      type: ApiTokenRef,
      description: 'What is known of it.',
      resolve: (query, { id }, _args, { db }) => db.apiToken.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
})

const CreateApiTokenInput = builder
  .inputType('CreateApiTokenInput', {
    description: 'A new API token for one workspace.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace.' }),
      name: t.string({ required: true, description: 'What it is for.' }),
      scopes: t.field({
        type: [RightRef],
        required: true,
        description: 'What it may do: nothing that its maker may not. READ is always among them.',
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description: `From when on it counts no more, at most ${mostTokenDays} days from now; default ${defaultTokenDays} days.`,
      }),
    }),
  })
  .validate(
    z
      .object({
        workspaceId: globalId('Workspace'),
        name: z.string().trim(),
        scopes: z.array(z.enum(rights)).max(rights.length),
        expiresAt: z.date().nullish(),
      })
      .transform(givenOnly),
  )

const RevokeApiTokenInput = builder
  .inputType('RevokeApiTokenInput', {
    description: 'Names an API token to revoke.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The token.' }) }),
  })
  .validate(z.object({ id: globalId('ApiToken') }))

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  apiTokens: t.field({
    type: ApiTokensRef,
    description: 'Its API tokens, for ADMINs.',
    errors: {
      union: { name: 'WorkspaceApiTokensResult', description: 'The tokens, or why they are not shown.' },
    },
    resolve: ({ id }, _args, { access }) => {
      requireRight(access, id, 'administer')
      return { workspaceId: id }
    },
  }),
}))

builder.mutationFields((t) => ({
  createApiToken: t.field({
    type: CreatedApiTokenRef,
    description:
      'Makes an API token for a workspace. It never has more rights than its maker, and ends with their membership.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: CreateApiTokenInput, required: true, description: 'The token.' }) },
    resolve: (_root, { input }, context) => createApiToken(context, input),
  }),
  revokeApiToken: t.prismaField({
    type: WorkspaceRef,
    description: 'Ends an API token, at once; open streams within a minute. Returns its workspace.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: RevokeApiTokenInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await revokeApiToken(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
