/** Who asks, and what they may do: roles and rights, how they narrow what is read, and what a refusal says. */
import { DomainError, NotFound } from '../problems/rules.ts'

/** From the least to the most. */
export const roles = ['VIEWER', 'EDITOR', 'PUBLISHER', 'ADMIN'] as const
export type Role = (typeof roles)[number]

/** What can be allowed: a role has some, a token may have fewer than its role. */
export const rights = ['read', 'preview', 'edit', 'operate', 'publish', 'administer'] as const
export type Right = (typeof rights)[number]

const editing: readonly Right[] = ['read', 'preview', 'edit', 'operate']

export const rightsOf: Readonly<Record<Role, readonly Right[]>> = {
  VIEWER: ['read'],
  EDITOR: editing,
  PUBLISHER: [...editing, 'publish'],
  ADMIN: rights,
}

/** Who acts, for the record of changes. */
export interface Actor {
  readonly kind: 'user' | 'token' | 'installation'
  /** The row's id; null for the owner of the installation. */
  readonly id: string | null
  readonly name: string
}

/** What somebody is in a workspace. */
export interface Membership {
  readonly role: Role
  /** Those of the role; of a token the ones among them that it was made for. */
  readonly rights: readonly Right[]
}

/** Everything on this installation, or some workspaces by their ids. */
export type Access =
  | {
      readonly kind: 'installation'
      readonly actor: Actor
      /** Workspaces that were deleted and whose rows are still going. */
      readonly deleted?: readonly string[]
    }
  | {
      readonly kind: 'member'
      readonly actor: Actor
      /** The person behind it: of a token, the member who made it; null: the owner of the installation. */
      readonly userId: string | null
      readonly memberships: ReadonlyMap<string, Membership>
    }

/** Whoever has the owner's token, or GraphiQL on this machine. */
export const ownerAccess: Access = {
  kind: 'installation',
  actor: { kind: 'installation', id: null, name: 'owner' },
}

/** Whether any of a workspace may be seen. */
export function covers(access: Access, workspaceId: string): boolean {
  return access.kind === 'installation'
    ? access.deleted?.includes(workspaceId) !== true
    : access.memberships.has(workspaceId)
}

/** A Prisma filter on rows that carry a workspace: part of every read by id. */
export function within(access: Access, right: Right = 'read'): { readonly workspaceId?: CoveredIds } {
  const coversAll = access.kind === 'installation' && (access.deleted ?? []).length === 0
  return coversAll ? {} : { workspaceId: coveredIds(access, right) }
}

/** A Prisma filter on ids of workspaces. */
export function coveredIds(access: Access, right: Right = 'read'): CoveredIds {
  if (access.kind === 'installation') return { notIn: [...(access.deleted ?? [])] }
  const allowed = [...access.memberships].filter(([, membership]) => membership.rights.includes(right))
  return { in: allowed.map(([id]) => id) }
}

type CoveredIds = { in: string[] } | { notIn: string[] }

/** Fails unless the caller may do this in the workspace: the one line that guards each verb. */
export function requireRight(access: Access, workspaceId: string, right: Right): void {
  if (access.kind === 'installation' && covers(access, workspaceId)) return
  const membership = access.kind === 'member' ? access.memberships.get(workspaceId) : undefined
  if (membership === undefined) throw new NotFound('Workspace', workspaceId)
  if (!membership.rights.includes(right)) throw new Forbidden(right, membership.role)
}

/** Fails unless the caller has all that a role gives: nobody gives away more than they have. */
export function requireRightsOf(access: Access, workspaceId: string, role: Role): void {
  for (const right of rightsOf[role]) requireRight(access, workspaceId, right)
}

/** The least role that has a right. */
export function leastRole(right: Right): Role {
  return roles.find((role) => rightsOf[role].includes(right)) ?? 'ADMIN'
}

/** The caller sees the workspace, but its role, or its token's scopes, don't allow this. */
export class Forbidden extends DomainError {
  override readonly name = 'Forbidden'
  readonly code = 'forbidden'
  readonly right: Right
  readonly role: Role
  readonly requiredRole: Role
  constructor(right: Right, role: Role) {
    const requiredRole = leastRole(right)
    super(
      rightsOf[role].includes(right)
        ? `This token lacks the scope "${right}". Use a token that has it.`
        : `This needs the role ${requiredRole}; the role here is ${role}. Ask an ADMIN of the workspace.`,
    )
    this.right = right
    this.role = role
    this.requiredRole = requiredRole
  }
}

/** The headers that matter; a WebSocket brings `authorization` in its first message too. */
export interface RequestMarks {
  readonly method: string
  readonly host: string | null
  readonly origin: string | null
  readonly secFetchSite: string | null
  readonly cookie: string | null
  readonly authorization: string | null
}

/** Why a request is not served, and what to do: becomes an HTTP answer or the end of a WebSocket. */
export interface Refusal {
  readonly status: 401 | 403 | 415
  /** Stable, see docs/errors.md. */
  readonly code: string
  readonly message: string
}
