/** The repeated group of events. */
import { z } from '@sluice/connector-sdk'
import { toInstant } from '../dates.ts'
import { formatted, requiredText, text } from '../fields.ts'
import { properties } from './properties.ts'

const group = 'Events'

const event = z.object({
  name: requiredText(
    { title: 'Name', description: 'Name of the event.', group, examples: ['order_shipped'] },
    'event_name_missing',
    'event_name_too_long',
  ),
  time: formatted(
    {
      title: 'Time',
      description:
        'When it happened, as ISO date and time; without a zone in UTC. The time of delivery if empty.',
      group,
      examples: ['2026-05-28T10:00:00Z'],
    },
    'invalid_date',
    toInstant,
  ),
  properties: properties(
    {
      title: 'Properties',
      description: 'Properties of the event, by name. The names "time" and "event_name" are Braze\'s own.',
      group,
    },
    'invalid_event_property',
  ),
  appId: text({ title: 'App ID', description: 'Identifier of the app that the event belongs to.', group }),
  updateExistingOnly: z.boolean().nullish().meta({
    title: 'Update existing only',
    description:
      'True to leave out the event of a user that Braze does not know. As the option of that name if empty.',
    group,
  }),
})

export const events = z.array(event).optional().meta({
  title: 'Events',
  description: 'Custom events of the user. Each is counted: Braze does not recognise a repeated event.',
  group,
  repeated: true,
})
