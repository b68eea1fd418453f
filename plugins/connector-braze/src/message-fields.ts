/** Parameters that all messages share: the values for the message, and those for the profile beforehand. */
import type { FieldMeta, JsonValue } from '@sluice/connector-sdk'
import { jsonEntries } from './json-entries.ts'

/** Braze takes 50 KB. */
const maxBytes = 50_000

/** Values for the templates of a message, such as trigger properties. */
export function messageProperties(meta: Omit<FieldMeta, 'open'>) {
  return jsonEntries(meta, {
    invalid: 'invalid_message_property',
    size: { maxBytes, tooLarge: 'message_properties_too_large' },
  })
}

export const messageAttributes = jsonEntries(
  {
    title: 'User attributes',
    description:
      "Attributes of the user's profile, by the name that Braze knows, which are written before the message is sent.",
    group: 'User attributes',
    examples: [{ first_name: 'Ann' }],
  },
  { invalid: 'invalid_attribute_value' },
)

/** An open group as a field of a request; nothing where it is empty. */
export function filledField(name: string, entries: Readonly<Record<string, unknown>> | undefined) {
  // The parameters' check has made the values JSON.
  return entries === undefined || Object.keys(entries).length === 0
    ? {}
    : { [name]: entries as Readonly<Record<string, JsonValue>> }
}
