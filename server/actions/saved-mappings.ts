/** The mappings of a stored action as the installed version of its type has them. */
import type { ActionDefinition } from '@sluice/connector-sdk'
import { actionOfType } from '../../engine/action-of-type.ts'
import { mappingsSchema } from '../../engine/mapping/mapping.ts'
import { type MigratedMappings, migrateMappings } from '../../engine/mapping/migrate.ts'
import type { Issue } from '../problems/rules.ts'
import type { Registry } from '../registry/registry.ts'

interface StoredAction {
  readonly type: string
  readonly typeVersion: number
  readonly mappings: unknown
}

/** As they are stored where the type is not installed. */
export function savedMappings(
  definition: ActionDefinition | undefined,
  { mappings, typeVersion }: StoredAction,
): MigratedMappings {
  const stored = mappingsSchema.parse(mappings)
  return definition === undefined
    ? { ok: true, mappings: stored }
    : migrateMappings(definition, typeVersion, stored)
}

/** What a console shows: brought forward where that can be done, else as they are stored, for their version. */
export function shownMappings(
  registry: Registry,
  connectorType: string,
  action: StoredAction,
): Pick<StoredAction, 'typeVersion' | 'mappings'> {
  const actions = registry.connector(connectorType)?.definition.actions
  const definition = actions === undefined ? undefined : actionOfType(actions, action.type)
  if (definition === undefined || !mappingsSchema.safeParse(action.mappings).success) return action
  const saved = savedMappings(definition, action)
  return saved.ok ? { mappings: saved.mappings, typeVersion: definition.version } : action
}

/** Why they cannot be brought forward. */
export function migrationIssues(migrated: MigratedMappings): readonly Issue[] {
  return migrated.ok ? [] : [{ path: ['mappings'], ...migrated.problem }]
}
