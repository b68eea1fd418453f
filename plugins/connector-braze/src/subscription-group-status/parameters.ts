/** The parameters of Subscription Group Status. */
import { z } from '@sluice/connector-sdk'
import { required } from '../fields.ts'
import { checkSubscriber, subscriberFields, subscriptionState } from '../subscribers.ts'
import { someOf } from '../user-ids.ts'

export const subscriptionGroupStatusParameters = z
  .object({
    ...subscriberFields,
    subscriptionGroupId: required(
      {
        title: 'Subscription group ID',
        description:
          'Identifier of the group. Braze shows it beside the group under Audience, Subscriptions.',
        group: 'Subscription group',
        examples: ['6d8f2f4e-0c7a-4c1d-9f0e-5a2b7c3d1e4f'],
      },
      'subscription_group_missing',
    ),
    subscriptionState,
  })
  .check(checkSubscriber)
  .meta(someOf('externalId', 'email', 'phone'))

export type SubscriptionGroupStatus = z.output<typeof subscriptionGroupStatusParameters>
