/** The repeated group of subscription groups that a user joins or leaves. */
import { type JsonValue, z } from '@sluice/connector-sdk'
import { requiredText } from '../fields.ts'

const group = 'Subscription groups'

const subscriptionGroup = z.object({
  subscriptionGroupId: requiredText(
    { title: 'Subscription group ID', description: 'The id that Braze shows for the group.', group },
    'subscription_group_incomplete',
  ),
  subscriptionState: z
    .enum(['subscribed', 'unsubscribed'], { error: 'invalid_subscription_state' })
    .meta({ title: 'State', description: 'State in the group: subscribed or unsubscribed.', group }),
  useDoubleOptInLogic: z.boolean().nullish().meta({
    title: 'Double opt-in',
    description: 'True to have Braze ask the user first. For subscribing to groups of SMS only.',
    group,
  }),
})

export const subscriptionGroups = z.array(subscriptionGroup).optional().meta({
  title: 'Subscription groups',
  description:
    "Subscription groups that the user joins or leaves. Braze changes all users that share the user's e-mail.",
  group,
  repeated: true,
})

export function subscriptionGroupObjects(groups: readonly z.output<typeof subscriptionGroup>[]): JsonValue[] {
  return groups.map(({ subscriptionGroupId, subscriptionState, useDoubleOptInLogic }) => {
    const object: Record<string, JsonValue> = {
      subscription_group_id: subscriptionGroupId,
      subscription_state: subscriptionState,
    }
    if (typeof useDoubleOptInLogic === 'boolean') object['use_double_opt_in_logic'] = useDoubleOptInLogic
    return object
  })
}
