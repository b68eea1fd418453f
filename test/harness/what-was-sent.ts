/** What the vendor was sent, user by user: told from the simulator's log, which must be kept long enough. */
import type { Scene } from './scene.ts'

interface SentUser {
  readonly external_id: string
  readonly plan?: unknown
}

function users(body: unknown): readonly SentUser[] {
  return (body as { readonly attributes: readonly SentUser[] }).attributes
}

/** How often each user was sent, by external id. */
export function sends(scene: Scene): Record<string, number> {
  return Object.fromEntries([...histories(scene)].map(([id, own]) => [id, own.length]))
}

/** The values of `plan` that were sent for a user, in order, each with the status of its answer. */
export function history(scene: Scene, externalId: number | string): readonly string[] {
  return histories(scene).get(String(externalId)) ?? []
}

/** The histories of all users, by external id. */
export function histories({ braze }: Scene): ReadonlyMap<string, readonly string[]> {
  const byUser = new Map<string, string[]>()
  for (const { body, status } of braze.log) {
    for (const { external_id: id, plan } of users(body)) {
      const own = byUser.get(id) ?? []
      own.push(`${plan} ${status}`)
      byUser.set(id, own)
    }
  }
  return byUser
}

/** The `plan` that each user has now. */
export function plans({ braze }: Scene): Record<string, unknown> {
  return Object.fromEntries(
    [...braze.profiles()].map(({ externalId, attributes }) => [externalId, attributes['plan']]),
  )
}
