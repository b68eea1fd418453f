/** Reads a connector as someone wants it: its name, its type, its settings with the secrets that are kept. */
import type { Auth, Connector, FromSettings, PublicSettings } from '@sluice/connector-sdk'
import { whyDiscontinued } from '../../engine/deprecation.ts'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import { authOf } from '../../engine/sending/auth-of.ts'
import type { Issue } from '../problems/rules.ts'
import { readSettings, type SettingsResult, secretsGivenAgain } from '../workspaces/plugin-settings.ts'
import type { Secrets } from '../workspaces/secrets.ts'

export function unknownTypeIssue(type: string, installed: readonly string[]): Issue {
  const message = `The connector type "${type}" is not installed, or its package cannot be used. ${suggestion(type, installed)}`
  return { path: ['type'], code: 'unknown_connector_type', message }
}

/** What keeps anybody from making a connector of this type, and whoever has not agreed to its terms. */
export function newConnectorIssues(definition: Connector, acceptTerms: boolean): readonly Issue[] {
  const { docs, id, name } = definition
  const discontinued = whyDiscontinued(definition)
  const { terms } = docs
  return [
    ...(discontinued === null
      ? []
      : [
          {
            path: ['type'],
            code: 'connector_type_discontinued',
            message: `The connector type "${id}" no longer works: ${discontinued}`,
          },
        ]),
    ...(terms === undefined || acceptTerms
      ? []
      : [
          {
            path: ['acceptTerms'],
            code: 'terms_not_accepted',
            message: `Whoever uses ${name} agrees to "${terms.title}", ${terms.url}. Read it, and accept it with \`acceptTerms\`.`,
          },
        ]),
  ]
}

/** What was saved before: the settings, and the secrets that an edit may leave out. */
export interface SavedAccount {
  readonly settings: PublicSettings
  readonly secrets: Secrets
}

/**
 * Settings as someone gives them. A secret goes only where it was meant to go: when the vendor's address
 * changes, it has to be given again, else whoever may edit could have it sent to an address of their own.
 */
export function readAccount(
  definition: Connector,
  given: unknown,
  saved: SavedAccount | null,
): SettingsResult {
  const result = readSettings(definition.settings, given, saved?.secrets ?? {})
  if (!result.ok) return result
  const origins = originsOf(definition, result.settings)
  if (origins === null) return { ok: false, issues: [noAddress] }
  if (saved === null || origins === originsOf(definition, saved.settings)) return result
  const issues = secretsGivenAgain(result.secrets, given, 'vendor')
  return issues.length === 0 ? result : { ok: false, issues }
}

const noAddress: Issue = {
  path: ['settings'],
  code: 'invalid_address',
  message: "These settings do not make the address of a vendor's API. Check the address among them.",
}

/** Where secrets go, tokens fetched included; null when the settings make no address: then nothing can be sent to it. */
function originsOf(definition: Connector, settings: PublicSettings): string | null {
  try {
    const { origin } = new URL(definition.baseUrl(settings))
    const tokenUrl = tokenUrlOf(authOf({ definition, settings }))
    if (tokenUrl === undefined) return origin
    const address = typeof tokenUrl === 'string' ? tokenUrl : tokenUrl(settings)
    return `${origin} ${new URL(address).origin}`
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

function tokenUrlOf(auth: Auth): FromSettings | undefined {
  switch (auth.kind) {
    case 'client-credentials':
    case 'password-grant':
    case 'authorization-code':
      return auth.tokenUrl
    case 'mutual-tls':
      return auth.auth === undefined ? undefined : tokenUrlOf(auth.auth)
    default:
      return undefined
  }
}
