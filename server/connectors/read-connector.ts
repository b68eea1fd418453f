/** Reads a connector as someone wants it: its name, its type, its settings with the secrets that are kept. */
import type { Connector, PublicSettings } from '@sluice/connector-sdk'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import { readSettings, type SettingsResult } from '../workspaces/plugin-settings.ts'
import { nameSchema } from '../workspaces/rules.ts'
import type { Secrets } from '../workspaces/secrets.ts'

export function nameIssues(name: string): readonly Issue[] {
  return issuesOf(nameSchema.safeParse(name).error?.issues ?? [], ['name'])
}

export function unknownTypeIssue(type: string, installed: readonly string[]): Issue {
  const message = `The connector type "${type}" is not installed, or its package cannot be used. ${suggestion(type, installed)}`
  return { path: ['type'], code: 'unknown_connector_type', message }
}

/** What was saved before: the settings, and the secrets that an edit may leave out. */
export interface SavedAccount {
  readonly settings: PublicSettings
  readonly secrets: Secrets
}

/**
 * Settings as an edit gives them. A secret goes only where it was meant to go: when the vendor's address
 * changes, it has to be given again, else whoever may edit could have it sent to an address of their own.
 */
export function readEditedSettings(
  definition: Connector,
  given: unknown,
  saved: SavedAccount,
): SettingsResult {
  const result = readSettings(definition.settings, given, saved.secrets)
  if (!result.ok || originOf(definition, result.settings) === originOf(definition, saved.settings))
    return result
  const names = typeof given === 'object' && given !== null ? Object.keys(given) : []
  const issues = Object.keys(result.secrets)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: ['settings', name],
      code: 'secret_required',
      message: `The address of the vendor changes. Give "${name}" again, so that it is not sent where it was not meant to go.`,
    }))
  return issues.length === 0 ? result : { ok: false, issues }
}

function originOf({ baseUrl }: Connector, settings: PublicSettings): string | null {
  const url = baseUrl(settings)
  return URL.canParse(url) ? new URL(url).origin : null
}
