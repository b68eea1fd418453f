/** The open group of properties that an event or a purchase has. */
import type { FieldMeta } from '@sluice/connector-sdk'
import { jsonRecord } from '../json-entries.ts'

const maxNameLength = 255
// Braze answers an error for a property of these names.
const reservedNames: ReadonlySet<string> = new Set(['time', 'event_name'])

/** `invalid` is the code of a property that Braze would not take. */
export function properties(meta: FieldMeta, invalid: string) {
  return jsonRecord({ invalid, isName: isPropertyName })
    .nullish()
    .meta({ ...meta, open: true })
}

function isPropertyName(name: string): boolean {
  return name !== '' && name.length <= maxNameLength && !name.startsWith('$') && !reservedNames.has(name)
}
