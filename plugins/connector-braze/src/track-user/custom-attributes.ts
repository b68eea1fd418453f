/** The open group of custom attributes: names that Braze takes, and values that set rather than change. */
import { type JsonValue, z } from '@sluice/connector-sdk'
import { issue } from '../fields.ts'
import { toJsonValue } from '../json-values.ts'
import { nameProblem } from './attribute-names.ts'

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
      const json = value === '' ? null : toJsonValue(value)
      const problem = nameProblem(name) ?? valueProblem(json)
      if (problem !== undefined) issues.push(issue(problem, [name]))
      else if (json !== value) attributes[name] = json
    }
  })
  .optional()
  .meta({
    title: 'Custom attributes',
    description:
      'Attributes of your own, by the name that Braze shows. A null or empty text removes the attribute from the profile.',
    group: 'User attributes',
    open: true,
  })

function valueProblem(value: JsonValue | undefined): string | undefined {
  if (value === undefined) return 'invalid_attribute_value'
  // These make Braze change what it has, so that a repeated request would count twice.
  const isChange = typeof value === 'object' && value !== null && ('inc' in value || '$add' in value)
  return isChange ? 'operation_not_supported' : undefined
}
