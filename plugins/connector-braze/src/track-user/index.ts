/** Track User: sets attributes of a profile and records its events. */
import { defineAction } from '@sluice/connector-sdk'
import { recipientOf } from '../identifiers.ts'
import { interpretTrackUser } from './interpret.ts'
import { countObjects } from './objects.ts'
import { trackUserParameters } from './parameters.ts'
import { maxBytes, maxObjects, planTrackUser } from './plan.ts'

/** What most records weigh: one for all of them. */
const oneObject = { objects: 1 }

export const trackUser = defineAction({
  title: 'Track User',
  description: 'Creates or updates user profiles with attributes, and records custom events.',
  version: 1,
  modes: ['upsert'],
  parameters: trackUserParameters,
  limits: () => ({ weights: { objects: maxObjects }, bytes: maxBytes, onePerRecipient: true }),
  weigh: (payload) => {
    const objects = countObjects(payload)
    return objects === 1 ? oneObject : { objects }
  },
  recipient: recipientOf,
  plan: planTrackUser,
  interpret: interpretTrackUser,
})
