/** The record of changes: who did what to what. Names of entities and verbs only, never a value. */
import type { EntityName } from '../problems/rules.ts'

/** The kinds of callers, as the record and the API name them. */
export const actorKinds = { user: 'USER', token: 'TOKEN', installation: 'INSTALLATION' } as const

/** A change, for the record. `verb` is the mutation's name. */
export interface Change {
  readonly workspaceId: string
  readonly verb: string
  readonly entity: EntityName
  readonly entityId: string
}
