/** Who asks: what a token covers, and how that narrows what is read. */

/** Everything on this installation, or one workspace. */
export type Access =
  | { readonly kind: 'installation' }
  | { readonly kind: 'workspace'; readonly workspaceId: string }

export function covers(access: Access, workspaceId: string): boolean {
  return access.kind === 'installation' || access.workspaceId === workspaceId
}

/** A Prisma filter on rows that carry a workspace: part of every read by id. */
export function within(access: Access): { readonly workspaceId?: string } {
  return access.kind === 'installation' ? {} : { workspaceId: access.workspaceId }
}
