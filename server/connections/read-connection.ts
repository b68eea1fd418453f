/** Reads a connection as someone wants it: its name, its type, its settings with the secrets that are kept. */
import type { PublicSettings, SourceDefinition } from '@sluice/connector-sdk'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import type { Issue } from '../problems/rules.ts'
import { canonicalJson } from '../versions/canonical-json.ts'
import { readSettings, type SettingsResult, secretsGivenAgain } from '../workspaces/plugin-settings.ts'
import type { Secrets } from '../workspaces/secrets.ts'

export function unknownTypeIssue(type: string, installed: readonly string[]): Issue {
  const message = `The data source type "${type}" is not installed, or its package cannot be used. ${suggestion(type, installed)}`
  return { path: ['type'], code: 'unknown_source_type', message }
}

/** What was saved before: the settings, and the secrets that an edit may leave out. */
export interface SavedConnection {
  readonly settings: PublicSettings
  readonly secrets: Secrets
}

/** A secret goes only where it was meant to go: else whoever may edit could have it sent to a server of their own. */
export function readConnection(
  definition: SourceDefinition,
  given: unknown,
  saved: SavedConnection | null,
): SettingsResult {
  const result = readSettings(definition.settings, given, saved?.secrets ?? {})
  if (!result.ok || saved === null) return result
  if (addressOf(definition, result.settings) === addressOf(definition, saved.settings)) return result
  const issues = secretsGivenAgain(result.secrets, given, 'source')
  return issues.length === 0 ? result : { ok: false, issues }
}

/** Where a type does not say what of its settings is the address, all of them are. */
function addressOf(definition: SourceDefinition, settings: PublicSettings): string {
  return definition.address?.(settings) ?? canonicalJson(settings)
}
