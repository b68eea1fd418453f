/** The repeated group of events. */
import { z } from '@sluice/connector-sdk'
import { toInstant } from '../dates.ts'
import { formatted, issue, text } from '../fields.ts'
import { toJsonValue } from '../json-values.ts'

const group = 'Events'
const maxNameLength = 255
// Braze answers an error for a property of these names.
const reservedProperties: ReadonlySet<string> = new Set(['time', 'event_name'])

const properties = z
  .record(z.string(), z.unknown())
  .check(({ value: given, issues }) => {
    for (const [name, value] of Object.entries(given)) {
      const json = value === undefined || value === null ? null : toJsonValue(value)
      if (json === undefined || !isPropertyName(name)) issues.push(issue('invalid_event_property', [name]))
      // A property that is null says nothing, and Braze has no null among its types.
      else if (json === null) delete given[name]
      else given[name] = json
    }
  })
  .nullish()
  .meta({
    title: 'Properties',
    description: 'Properties of the event, by name. The names "time" and "event_name" are Braze\'s own.',
    group,
    open: true,
  })

const event = z.object({
  name: z
    .string()
    .check(({ value, issues }) => {
      if (value.trim() === '') issues.push(issue('event_name_missing', []))
      else if (value.length > maxNameLength) issues.push(issue('event_name_too_long', []))
    })
    .meta({ title: 'Name', description: 'Name of the event.', group }),
  time: formatted(
    {
      title: 'Time',
      description:
        'When it happened, as ISO date and time; without a zone in UTC. The time of delivery if empty.',
      group,
    },
    'invalid_date',
    toInstant,
  ),
  properties,
  appId: text({ title: 'App ID', description: 'Identifier of the app that the event belongs to.', group }),
})

export const events = z.array(event).optional().meta({
  title: 'Events',
  description: 'Custom events of the user. Each is counted: Braze does not recognise a repeated event.',
  group,
  repeated: true,
})

function isPropertyName(name: string): boolean {
  return name !== '' && name.length <= maxNameLength && !name.startsWith('$') && !reservedProperties.has(name)
}
