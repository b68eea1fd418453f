/** The open group of custom attributes: names that Braze takes, and values that set rather than change. */
import { type JsonValue, z } from '@sluice/connector-sdk'
import { issue } from '../fields.ts'
import { toJsonValue } from '../json-values.ts'
import { brazeNames } from './standard-fields.ts'

// At top level of Braze's object these mean something else than a custom attribute.
const reservedNames: ReadonlySet<string> = new Set([
  ...Object.values(brazeNames),
  'external_id',
  'braze_id',
  'user_alias',
  'alias_name',
  'alias_label',
  'current_location',
  'push_token_import',
  '_update_existing_only',
  '_merge_objects',
])

const maxNameLength = 255

/** Custom attributes by name; after parsing every value is JSON, and null removes the attribute. */
export const customAttributes = z
  .record(z.string(), z.unknown())
  .check(({ value: attributes, issues }) => {
    for (const name in attributes) {
      const value = attributes[name]
      if (value === undefined) {
        delete attributes[name]
        continue
      }
      const json = toJsonValue(value)
      const problem = problemOf(name, json)
      if (problem !== undefined) issues.push(issue(problem, [name]))
      else if (json !== value) attributes[name] = json
    }
  })
  .optional()
  .meta({
    title: 'Custom attributes',
    description:
      'Attributes of your own, by the name that Braze shows. A null removes the attribute from the profile.',
    group: 'User attributes',
    open: true,
  })

function problemOf(name: string, value: JsonValue | undefined): string | undefined {
  if (reservedNames.has(name)) return 'reserved_attribute_name'
  if (name.trim() === '' || name.length > maxNameLength) return 'invalid_attribute_name'
  if (value === undefined) return 'invalid_attribute_value'
  // These make Braze add to what it has, so that a repeated request would count twice.
  const isChange = typeof value === 'object' && value !== null && ('inc' in value || '$add' in value)
  return isChange ? 'operation_not_supported' : undefined
}
