/** Who acts, as the record of changes keeps it. */
import type { Access } from '../access/rules.ts'

export interface Actor {
  readonly kind: 'user' | 'token' | 'installation'
  readonly id: string | null
  readonly name: string
}

/** Stands in for `access.actor` until access knows who acts. */
export function actorOf(access: Access): Actor {
  return access.kind === 'installation'
    ? { kind: 'installation', id: null, name: 'installation' }
    : { kind: 'token', id: null, name: 'token' }
}
