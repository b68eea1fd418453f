/** The hashes that may stand for a person: what each operation of the workspace's connectors makes of an identifier. */
import type { ActionDefinition, Connector } from '@sluice/connector-sdk'
import type { Issue } from '../problems/rules.ts'

/** What names a person to a vendor: values by the name of the parameter, as an action maps them. */
export type Identifier = Readonly<Record<string, string>>

export interface FoundRecipients {
  /** Each as the connector writes it: they live as long as the request. */
  readonly recipients: readonly string[]
  readonly issues: readonly Issue[]
}

export function recipientsOf(
  connectors: readonly Connector[],
  identifiers: readonly Identifier[],
): FoundRecipients {
  const actions = connectors.flatMap((connector) => Object.values(connector.actions))
  const found = identifiers.map((identifier) =>
    actions.flatMap((action) => recipientOf(action, identifier) ?? []),
  )
  return {
    recipients: [...new Set(found.flat())],
    issues: found.flatMap((each, index) => (each.length === 0 ? [unknownIdentifier(index)] : [])),
  }
}

/** Undefined where the operation does not know the person by it. */
function recipientOf(
  { parameters, recipient }: ActionDefinition,
  identifier: Identifier,
): string | undefined {
  const payload: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(identifier)) {
    const schema = Object.hasOwn(parameters.shape, name) ? parameters.shape[name] : undefined
    const parsed = schema?.safeParse(value)
    if (parsed?.success !== true) return undefined
    payload[name] = parsed.data
  }
  try {
    return recipient(payload)
  } catch {
    // The connector cannot tell a recipient from these alone. What it throws may hold them.
    return undefined
  }
}

function unknownIdentifier(index: number): Issue {
  return {
    path: ['identifiers', index],
    code: 'unknown_identifier',
    message:
      'No operation of the workspace\'s connectors names a recipient by these parameters. Name them as the mappings do, for example { "externalId": "…" }.',
  }
}
