/** The open group of properties that an event or a purchase has. */
import { type FieldMeta, z } from '@sluice/connector-sdk'
import { issue } from '../fields.ts'
import { toJsonValue } from '../json-values.ts'

const maxNameLength = 255
// Braze answers an error for a property of these names.
const reservedNames: ReadonlySet<string> = new Set(['time', 'event_name'])

/** `invalid` is the code of a property that Braze would not take. */
export function properties(meta: FieldMeta, invalid: string) {
  return z
    .record(z.string(), z.unknown())
    .check(({ value: given, issues }) => {
      for (const name in given) {
        const value = given[name]
        const json = value === undefined || value === null ? null : toJsonValue(value)
        if (json === undefined || !isPropertyName(name)) issues.push(issue(invalid, [name]))
        // A property that is null says nothing, and Braze has no null among its types.
        else if (json === null) delete given[name]
        else given[name] = json
      }
    })
    .nullish()
    .meta({ ...meta, open: true })
}

function isPropertyName(name: string): boolean {
  return name !== '' && name.length <= maxNameLength && !name.startsWith('$') && !reservedNames.has(name)
}
