/** The beginning of every object that Braze takes: the user it is for, and whether Braze may create that user. */
import type { JsonValue } from '@sluice/connector-sdk'
import { type Identifier, identifierFields } from '../identifiers.ts'

export type BrazeObject = Readonly<Record<string, JsonValue | undefined>>

/** Without an identifier it is for the unknown owner of push tokens. */
export function beginObject(
  identifier: Identifier | undefined,
  updatesOnly: boolean,
): Record<string, JsonValue> {
  // A fresh object that is added to as it is: a spread copy takes V8 twenty times as long to grow.
  const object: Record<string, JsonValue> = identifier === undefined ? {} : identifierFields(identifier)
  // For an alias Braze updates only, unless it is told otherwise.
  if (updatesOnly) object['_update_existing_only'] = true
  else if (identifier?.kind === 'user_alias') object['_update_existing_only'] = false
  return object
}
