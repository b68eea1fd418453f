/** Brings saved mappings to the version of the action that is installed. Pure: nothing that is stored changes. */
import type { ActionDefinition, ActionMapping } from '@sluice/connector-sdk'
import { type Mappings, mappingsSchema } from './mapping.ts'

export interface MigrationProblem {
  readonly code: 'migration_missing' | 'migration_broken' | 'action_version_unknown'
  readonly message: string
}

export type MigratedMappings =
  | { readonly ok: true; readonly mappings: Mappings }
  | { readonly ok: false; readonly problem: MigrationProblem }

type Versions = Pick<ActionDefinition, 'title' | 'version' | 'migrations'>

/** `from` is the version that the mappings were written for. */
export function migrateMappings(
  { title, version, migrations = {} }: Versions,
  from: number,
  saved: Mappings,
): MigratedMappings {
  if (from > version) {
    return failed(
      'action_version_unknown',
      `The mappings were written for version ${from} of "${title}", of which version ${version} is installed. Install a newer version of its package, or write them anew.`,
    )
  }
  let mappings = saved
  for (let step = from; step < version; step += 1) {
    const migrate = Object.hasOwn(migrations, step) ? migrations[step] : undefined
    if (migrate === undefined) {
      return failed(
        'migration_missing',
        `"${title}" cannot bring mappings from its version ${step} to ${step + 1}. Write them anew, or tell the maintainers of its package.`,
      )
    }
    const next = migrated(migrate, mappings)
    if (next === undefined) {
      return failed(
        'migration_broken',
        `"${title}" failed to bring the mappings from its version ${step} to ${step + 1}. Write them anew, or tell the maintainers of its package.`,
      )
    }
    mappings = next
  }
  return { ok: true, mappings }
}

/** Undefined where the plugin's code throws, or makes what no mappings are. */
function migrated(
  migrate: (mappings: readonly ActionMapping[]) => readonly ActionMapping[],
  mappings: Mappings,
): Mappings | undefined {
  try {
    return mappingsSchema.safeParse(structuredClone(migrate(frozen(mappings)))).data
  } catch {
    // What it throws may quote a constant.
    return undefined
  }
}

/** A copy that a migration cannot change. */
function frozen(mappings: Mappings): Mappings {
  return Object.freeze(
    mappings.map((mapping) => Object.freeze({ ...mapping, from: Object.freeze({ ...mapping.from }) })),
  ) as Mappings
}

function failed(code: MigrationProblem['code'], message: string): MigratedMappings {
  return { ok: false, problem: { code, message } }
}
