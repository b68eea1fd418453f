/** The parameters of Subscription Groups Status. */
import { z } from '@sluice/connector-sdk'
import { issue } from '../fields.ts'
import { checkSubscriber, subscriberFields, subscriptionState } from '../subscribers.ts'
import { someOf } from '../user-ids.ts'

export const subscriptionGroupsStatusParameters = z
  .object({
    ...subscriberFields,
    subscriptionGroups: z
      .record(z.string(), subscriptionState, { error: 'subscription_group_missing' })
      .check(({ value, issues }) => {
        const ids = Object.keys(value)
        if (ids.length === 0 || ids.some((id) => id.trim() === '')) {
          issues.push(issue('subscription_group_missing', []))
        }
      })
      .meta({
        title: 'Subscription groups',
        description:
          'The state, subscribed or unsubscribed, by the identifier of the group. Groups of e-mail and of SMS together need the external ID.',
        group: 'Subscription groups',
        open: true,
      }),
    useDoubleOptIn: z.boolean().default(false).meta({
      title: 'Use double opt-in',
      description:
        'True to let Braze ask for a confirmation first. For SMS groups, and users that Braze knows; at most one prompt a day.',
      group: 'Options',
    }),
  })
  .check(checkSubscriber)
  .meta(someOf('externalId', 'email', 'phone'))

export type SubscriptionGroupsStatus = z.output<typeof subscriptionGroupsStatusParameters>
