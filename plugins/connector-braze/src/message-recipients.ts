/** Who a campaign or Canvas is triggered for: the parameters, and Braze's recipient object. */
import { type JsonValue, z } from '@sluice/connector-sdk'
import { issue } from './fields.ts'
import { identifierOf, type UserIds } from './identifiers.ts'
import { filledField, messageAttributes } from './message-fields.ts'
import { type Prioritization, prioritization, prioritizationOrder } from './prioritization.ts'
import { checkUserIds, userIdFields } from './user-ids.ts'

/** Recipients in one request. */
export const maxRecipients = 50

// Braze triggers no message by phone.
const { phone: _, ...ids } = userIdFields

export const messageRecipientFields = {
  ...ids,
  prioritization: prioritization('identified', {
    title: 'Prioritization',
    description:
      'Which user receives the message when several share the e-mail: one with an external ID first, one without first, or simply the most recently updated. Of several left it is the most recently updated.',
    group: 'Options',
  }),
  attributes: messageAttributes,
  sendToExistingOnly: z.boolean().default(true).meta({
    title: 'Send to existing users only',
    description:
      'False to create users that Braze does not know. That needs user attributes, and is not possible with an alias.',
    group: 'Options',
  }),
}

export interface MessageRecipient extends UserIds {
  readonly prioritization: Prioritization
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  readonly sendToExistingOnly: boolean
}

/** Braze refuses a whole request for one recipient that it could not create. */
export function checkMessageRecipient(payload: z.core.ParsePayload<MessageRecipient>): void {
  const before = payload.issues.length
  checkUserIds(payload)
  const { attributes = {}, sendToExistingOnly, ...given } = payload.value
  if (payload.issues.length > before || sendToExistingOnly) return
  if (identifierOf(given).kind === 'user_alias') {
    payload.issues.push(issue('alias_not_creatable', ['sendToExistingOnly']))
  }
  if (Object.keys(attributes).length === 0) payload.issues.push(issue('attributes_missing', ['attributes']))
}

/** The recipient, with the values for its message under the name that the endpoint has for them. */
export function recipientObject(
  { attributes, sendToExistingOnly, ...recipient }: MessageRecipient,
  propertiesName: string,
  properties: Readonly<Record<string, unknown>> | undefined,
): JsonValue {
  return {
    ...idFields(recipient),
    ...filledField(propertiesName, properties),
    ...filledField('attributes', attributes),
    ...(sendToExistingOnly ? {} : { send_to_existing_only: false }),
  }
}

function idFields({
  prioritization,
  ...given
}: UserIds & Pick<MessageRecipient, 'prioritization'>): Record<string, JsonValue> {
  const identifier = identifierOf(given)
  switch (identifier.kind) {
    case 'external_id':
      return { external_user_id: identifier.value }
    case 'braze_id':
      return { braze_id: identifier.value }
    case 'user_alias':
      return { user_alias: { alias_name: identifier.name, alias_label: identifier.label } }
    case 'email':
    case 'phone':
      return { [identifier.kind]: identifier.value, prioritization: prioritizationOrder(prioritization) }
  }
}
