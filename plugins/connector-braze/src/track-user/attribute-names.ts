/** Which names an attribute of one's own may have. */
import { brazeNames } from './standard-fields.ts'

// At top level of Braze's object these mean something else than a custom attribute, or nothing.
const reservedNames: ReadonlySet<string> = new Set([
  ...Object.values(brazeNames),
  'external_id',
  'braze_id',
  'user_alias',
  'alias_name',
  'alias_label',
  'current_location',
  'subscription_groups',
  'push_tokens',
  'push_token_import',
  'facebook',
  'twitter',
  'bio',
  'email_subscription_info',
  '_update_existing_only',
  '_merge_objects',
])

const maxLength = 255

/** The code of what is wrong with a name, undefined when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (reservedNames.has(name)) return 'reserved_attribute_name'
  return name.trim() === '' || name.length > maxLength ? 'invalid_attribute_name' : undefined
}
