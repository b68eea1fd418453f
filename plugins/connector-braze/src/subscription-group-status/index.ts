/** Subscription Group Status: subscribes users to one group, or unsubscribes them. */
import { defineAction } from '@sluice/connector-sdk'
import { recipientOf } from '../identifiers.ts'
import { maxBytes } from '../max-bytes.ts'
import { interpretWhole } from '../whole-answers.ts'
import { subscriptionGroupStatusParameters } from './parameters.ts'
import { maxUsers, planSubscriptionGroupStatus } from './plan.ts'

export const subscriptionGroupStatus = defineAction({
  title: 'Update Subscription Group Status',
  description: 'Subscribes users to one e-mail, SMS or WhatsApp subscription group, or unsubscribes them.',
  version: 1,
  modes: ['upsert'],
  parameters: subscriptionGroupStatusParameters,
  limits: () => ({ weights: { users: maxUsers }, bytes: maxBytes, onePerRecipient: true }),
  weigh: () => ({ users: 1 }),
  recipient: recipientOf,
  plan: planSubscriptionGroupStatus,
  interpret: interpretWhole,
})
