/** Who a subscription is of: the ids that subscription groups take, and the states. */
import { normalizePhone, z } from '@sluice/connector-sdk'
import { formatted, issue } from './fields.ts'
import { identifierOf, identify, type UserIds } from './identifiers.ts'
import { userIdFields } from './user-ids.ts'

const { externalId, email } = userIdFields
const group = 'User ID'

export const subscriberFields = {
  externalId,
  email: email.meta({
    title: 'E-mail',
    description: 'The e-mail address. Used when no external ID is given; every user with it changes.',
    group,
    examples: ['ann@example.com'],
  }),
  phone: formatted(
    {
      title: 'Phone',
      description:
        'The phone number with its country code, such as +31201234567. Used when neither external ID nor e-mail is given; every user with it changes.',
      group,
      examples: ['+31201234567'],
    },
    'invalid_phone',
    toE164,
  ),
}

export const subscriptionState = z
  .enum(['subscribed', 'unsubscribed'], { error: 'invalid_subscription_state' })
  .meta({
    title: 'Subscription state',
    description: 'Either subscribed or unsubscribed.',
    group: 'Subscription group',
    examples: ['subscribed', 'unsubscribed'],
  })

/** At least one id is given. */
export function checkSubscriber(payload: z.core.ParsePayload<UserIds>): void {
  if (identify(payload.value) === undefined) payload.issues.push(issue('identifier_missing', ['externalId']))
}

export type SubscriberKind = 'external_id' | 'email' | 'phone'

export interface Subscriber {
  readonly kind: SubscriberKind
  readonly id: string
}

/** By the first id that is given, in the order external ID, e-mail, phone. */
export function subscriberOf({ externalId: id, email: address, phone }: UserIds): Subscriber {
  const identifier = identifierOf({ externalId: id, email: address, phone })
  if (identifier.kind === 'user_alias' || identifier.kind === 'braze_id') {
    throw new TypeError('a subscriber has neither alias nor Braze id')
  }
  return { kind: identifier.kind, id: identifier.value }
}

// Braze refuses the whole list for one number in another form.
function toE164(text: string): string | undefined {
  const phone = normalizePhone(text)
  return /^\+[1-9]\d{1,14}$/.test(phone) ? phone : undefined
}
