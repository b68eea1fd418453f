/** Push tokens of a user, and their import for users that nobody has identified yet. */
import { type JsonValue, z } from '@sluice/connector-sdk'
import { formatted, issue, requiredText } from '../fields.ts'
import { isGiven, type UserIds } from '../identifiers.ts'
import { checkUserIds } from '../user-ids.ts'

const group = 'Push tokens'
const leastDeviceIdBytes = 8
const mostDeviceIdBytes = 255

const pushToken = z.object({
  appId: requiredText(
    { title: 'App ID', description: 'Identifier of the app that the token is of.', group },
    'push_token_incomplete',
  ),
  token: requiredText(
    { title: 'Token', description: 'The push token. Tokens of websites cannot be imported.', group },
    'push_token_incomplete',
  ),
  deviceId: formatted(
    {
      title: 'Device ID',
      description: 'Identifier of the device, 8 to 255 bytes. Braze makes one up if empty.',
      group,
    },
    'invalid_device_id',
    (id) => {
      const bytes = new TextEncoder().encode(id).length
      return bytes >= leastDeviceIdBytes && bytes <= mostDeviceIdBytes ? id : undefined
    },
  ),
})

export const pushTokenFields = {
  pushTokens: z.array(pushToken).optional().meta({
    title: 'Push tokens',
    description: 'Push tokens of the user, each with the app that it is of.',
    group,
    repeated: true,
  }),
  pushTokenImport: z.boolean().nullish().meta({
    title: 'Import push tokens',
    description:
      'True to import tokens of users without an external ID and Braze ID, which must then be empty. Braze keeps an anonymous user for each token that it does not know.',
    group,
  }),
}

type PushToken = z.output<typeof pushToken>

/** What decides whom a payload is for. */
export interface TrackedUser extends UserIds {
  readonly pushTokens?: readonly PushToken[] | undefined
  readonly pushTokenImport?: boolean | null | undefined
  readonly events?: readonly unknown[] | undefined
  readonly purchases?: readonly unknown[] | undefined
}

/** A user is identified, unless it is the unknown owner of push tokens that are imported. */
export function checkTrackedUser(payload: z.core.ParsePayload<TrackedUser>): void {
  const { value, issues } = payload
  if (value.pushTokenImport !== true) {
    checkUserIds(payload)
    return
  }
  const { externalId, brazeId, pushTokens = [], events = [], purchases = [] } = value
  if (isGiven(externalId)) issues.push(issue('push_token_import_identified', ['externalId']))
  if (isGiven(brazeId)) issues.push(issue('push_token_import_identified', ['brazeId']))
  if (pushTokens.length === 0) issues.push(issue('push_tokens_missing', ['pushTokens']))
  if (!isAnonymous(value)) checkUserIds(payload)
  else if (events.length + purchases.length > 0) issues.push(issue('identifier_missing', ['email']))
}

/** Whether a payload is for the unknown owner of the push tokens that it brings. */
export function isAnonymous({
  pushTokenImport,
  externalId,
  brazeId,
  aliasName,
  aliasLabel,
  email,
  phone,
}: TrackedUser): boolean {
  if (pushTokenImport !== true) return false
  const ids = [externalId, brazeId, aliasName, aliasLabel, email, phone]
  return !ids.some(isGiven)
}

export function pushTokenObjects(tokens: readonly PushToken[]): JsonValue[] {
  return tokens.map(({ appId, token, deviceId }) =>
    isGiven(deviceId) ? { app_id: appId, token, device_id: deviceId } : { app_id: appId, token },
  )
}
