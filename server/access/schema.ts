/** Who the caller is, in GraphQL: for frontends that hide what is not allowed. */
import type { Workspace } from '../../prisma/generated/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { type Access, type Actor, type Membership, rightsOf, within } from './rules.ts'
import { RightRef, RoleRef } from './types.ts'

interface ViewerWorkspace extends Membership {
  readonly workspace: Workspace
}

const ViewerKindRef = builder.enumType('ViewerKind', {
  description: 'How a caller is known.',
  values: {
    USER: { value: 'user', description: 'A person who is signed in.' },
    TOKEN: { value: 'token', description: 'An API token of a workspace.' },
    INSTALLATION: { value: 'installation', description: 'The owner of the installation.' },
  } as const satisfies Record<string, { readonly value: Actor['kind']; readonly description: string }>,
})

const ViewerWorkspaceRef = builder.objectRef<ViewerWorkspace>('ViewerWorkspace').implement({
  description: 'What the caller is in a workspace.',
  fields: (t) => ({
    workspace: t.field({
      type: WorkspaceRef,
      description: 'The workspace.',
      resolve: ({ workspace }) => workspace,
    }),
    role: t.field({
      type: RoleRef,
      description: "The role; of a token its maker's, of the owner of the installation ADMIN.",
      resolve: ({ role }) => role,
    }),
    rights: t.field({
      type: [RightRef],
      description: 'What is allowed: all that the role has, of a token its scopes among them.',
      resolve: ({ rights }) => rights,
    }),
  }),
})

const ViewerRef = builder.objectRef<Access>('Viewer').implement({
  description: 'Who asks.',
  fields: (t) => ({
    kind: t.field({ type: ViewerKindRef, description: 'How.', resolve: ({ actor }) => actor.kind }),
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
    workspaces: t.field({
      type: [ViewerWorkspaceRef],
      description: 'The workspaces that may be seen, by name.',
      resolve: async (access, _args, { db }) => {
        const { workspaceId: id } = within(access)
        const rows = await db.workspace.findMany({ where: id ? { id } : {}, orderBy: { name: 'asc' } })
        return rows.map((workspace) => ({ workspace, ...membershipIn(access, workspace.id) }))
      },
    }),
  }),
})

function membershipIn(access: Access, workspaceId: string): Membership {
  const found = access.kind === 'member' ? access.memberships.get(workspaceId) : undefined
  return found ?? { role: 'ADMIN', rights: rightsOf.ADMIN }
}

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description: 'Who asks, and what they may do.',
    resolve: (_root, _args, { access }) => access,
  }),
)
