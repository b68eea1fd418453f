/** The parameters of Track User, in batches and one by one. */
import { z } from '@sluice/connector-sdk'
import { someOf, userIdFields } from '../user-ids.ts'
import { customAttributes } from './custom-attributes.ts'
import { events } from './events.ts'
import { checkModifications, modifications } from './modifications.ts'
import { purchases } from './purchases.ts'
import { checkTrackedUser, pushTokenFields } from './push-tokens.ts'
import { standardFields } from './standard-fields.ts'
import { subscriptionGroups } from './subscription-groups.ts'

export const trackUserParameters = z
  .object({
    ...userIdFields,
    ...standardFields,
    attributes: customAttributes,
    ...modifications,
    events,
    purchases,
    subscriptionGroups,
    ...pushTokenFields,
    updateExistingOnly: z.boolean().default(false).meta({
      title: 'Update existing only',
      description: 'True to leave out users that Braze does not know, instead of creating them.',
      group: 'Options',
    }),
  })
  .check(checkTrackedUser)
  .check(checkModifications)
  .refine(({ latitude, longitude }) => typeof longitude === 'number' || typeof latitude !== 'number', {
    error: 'location_incomplete',
    path: ['longitude'],
  })
  .refine(({ latitude, longitude }) => typeof latitude === 'number' || typeof longitude !== 'number', {
    error: 'location_incomplete',
    path: ['latitude'],
  })
  // An import of push tokens needs no user.
  .meta(someOf('externalId', 'brazeId', 'aliasName', 'email', 'phone', 'pushTokens'))

export type TrackUser = z.output<typeof trackUserParameters>
