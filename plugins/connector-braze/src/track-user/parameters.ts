/** The parameters of Track User. */
import { z } from '@sluice/connector-sdk'
import { issue } from '../fields.ts'
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
  .check(({ value: { latitude, longitude }, issues }) => {
    const hasLatitude = typeof latitude === 'number'
    if (hasLatitude === (typeof longitude === 'number')) return
    issues.push(issue('location_incomplete', [hasLatitude ? 'longitude' : 'latitude']))
  })

export type TrackUser = z.output<typeof trackUserParameters>
