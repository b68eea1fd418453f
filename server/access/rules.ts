/** Who asks: what a token covers, how that narrows what is read, and what a refusal says. */

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
