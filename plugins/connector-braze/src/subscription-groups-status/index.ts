/** Subscription Groups Status: sets the state of a user in several groups at once. */
import { defineAction } from '@sluice/connector-sdk'
import { recipientOf } from '../identifiers.ts'
import { maxBytes } from '../max-bytes.ts'
import { interpretWhole } from '../whole-answers.ts'
import { subscriptionGroupsStatusParameters } from './parameters.ts'
import { maxUsers, planSubscriptionGroupsStatus } from './plan.ts'

export const subscriptionGroupsStatus = defineAction({
  title: 'Update Subscription Group Status Across Multiple Groups',
  description:
    'Subscribes users to several subscription groups, or unsubscribes them, each group with its own state.',
  version: 1,
  modes: ['upsert'],
  parameters: subscriptionGroupsStatusParameters,
  limits: () => ({ weights: { users: maxUsers }, bytes: maxBytes, onePerRecipient: true }),
  weigh: () => ({ users: 1 }),
  recipient: recipientOf,
  plan: planSubscriptionGroupsStatus,
  interpret: interpretWhole,
})
