/** Track User, in batches and one by one: sets and changes attributes, records events and purchases. */
import { defineAction } from '@sluice/connector-sdk'
import { maxBytes } from '../max-bytes.ts'
import { interpretTrackUser } from './interpret.ts'
import { weightOf, weightsOf } from './object-limit.ts'
import { trackUserParameters } from './parameters.ts'
import { planTrackUser, planTrackUserSingle } from './plan.ts'
import { trackedRecipient } from './recipient.ts'

const description =
  'Creates or updates user profiles, changes their attributes, and records events and purchases.'

export const trackUser = defineAction({
  title: 'Track User',
  description: `${description} Many users a request.`,
  version: 1,
  modes: ['upsert'],
  parameters: trackUserParameters,
  limits: (settings) => ({ weights: weightsOf(settings), bytes: maxBytes, onePerRecipient: true }),
  weigh: weightOf,
  recipient: trackedRecipient,
  plan: planTrackUser,
  interpret: interpretTrackUser,
})

export const trackUserSingle = defineAction({
  title: 'Track User (non-batch)',
  description: `${description} One user a request.`,
  version: 1,
  modes: ['upsert'],
  parameters: trackUserParameters,
  limits: () => ({ weights: { users: 1 }, bytes: maxBytes, onePerRecipient: true }),
  weigh: weightOf,
  recipient: trackedRecipient,
  plan: planTrackUserSingle,
  interpret: interpretTrackUser,
})
