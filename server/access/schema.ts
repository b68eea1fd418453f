/** Who the caller is and what they may do, in GraphQL: for frontends that hide what is not allowed. */
import { actorKinds } from '../audit/rules.ts'
import { ActorKindRef } from '../audit/schema.ts'
import type { Context } from '../context.ts'
import { builder } from '../graphql/builder.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { type Access, type Membership, rightsOf } from './rules.ts'
import { RightRef, RoleRef } from './types.ts'

const ViewerRef = builder.objectRef<Access>('Viewer').implement({
  description: 'Who asks. What they may do stands on each workspace: `viewerRole` and `viewerRights`.',
  fields: (t) => ({
    kind: t.field({
      type: ActorKindRef,
      description: 'How the caller is known.',
      resolve: ({ actor }) => actorKinds[actor.kind],
    }),
    name: t.string({
      description: 'The name of the person or the token; `owner` for the owner of the installation.',
      resolve: ({ actor }) => actor.name,
    }),
    email: t.string({
      nullable: true,
      description: 'The e-mail address of a person; null for tokens.',
      resolve: async ({ actor }, _args, { db }) => {
        if (actor.kind !== 'user' || actor.id === null) return null
        return (await db.user.findUniqueOrThrow({ where: { id: actor.id } })).email
      },
    }),
  }),
})

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'Who asks.',
    resolve: (_root, _args, { access }) => access,
  }),
)

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  viewerRole: t.field({
    type: RoleRef,
    description: "The role of who asks: of a token its maker's, of the owner of the installation ADMIN.",
    select: { id: true },
    resolve: async ({ id }, _args, context) => (await membershipIn(context, id)).role,
  }),
  viewerRights: t.field({
    type: [RightRef],
    description: 'What who asks may do: all that the role has, with a token its scopes among them.',
    select: { id: true },
    resolve: async ({ id }, _args, context) => (await membershipIn(context, id)).rights,
  }),
}))

async function membershipIn({ access, db }: Context, workspaceId: string): Promise<Membership> {
  if (access.kind === 'installation') return { role: 'ADMIN', rights: rightsOf.ADMIN }
  const membership = access.memberships.get(workspaceId)
  if (membership !== undefined) return membership
  // Who takes an invitation becomes a member while the request lasts.
  const { role } = await db.member.findFirstOrThrow({ where: { workspaceId, userId: access.userId ?? '' } })
  return { role, rights: rightsOf[role] }
}
