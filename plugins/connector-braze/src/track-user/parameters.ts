/** The parameters of Track User. */
import { z } from '@sluice/connector-sdk'
import { checkUserIds, userIdFields } from '../user-ids.ts'
import { customAttributes } from './custom-attributes.ts'
import { events } from './events.ts'
import { standardFields } from './standard-fields.ts'

export const trackUserParameters = z
  .object({
    ...userIdFields,
    ...standardFields,
    attributes: customAttributes,
    events,
    updateExistingOnly: z.boolean().default(false).meta({
      title: 'Update existing only',
      description: 'True to leave out users that Braze does not know, instead of creating them.',
      group: 'Options',
    }),
  })
  .check(checkUserIds)
  .refine(({ latitude, longitude }) => typeof longitude === 'number' || typeof latitude !== 'number', {
    error: 'location_incomplete',
    path: ['longitude'],
  })
  .refine(({ latitude, longitude }) => typeof latitude === 'number' || typeof longitude !== 'number', {
    error: 'location_incomplete',
    path: ['latitude'],
  })

export type TrackUser = z.output<typeof trackUserParameters>
