/** Why Braze refuses the push tokens of an object, or their import. */
import { isJsonObject, type JsonObject } from './json-object.ts'
import { codeOnly, type Problem } from './problem.ts'

const problems = {
  import: codeOnly('BAD_PUSH_TOKEN_IMPORT'),
  list: codeOnly('BAD_PUSH_TOKEN_VALUE'),
  appId: codeOnly('BAD_PUSH_TOKEN_APP_ID'),
  token: codeOnly('BAD_PUSH_TOKEN_STRING'),
  deviceId: {
    code: 'BAD_DEVICE_ID',
    text: "token import with 'device_id' must have a device_id less than 255 bytes and at least 8 bytes",
  },
} as const satisfies Record<string, Problem>

const leastDeviceIdBytes = 8
const mostDeviceIdBytes = 255

export function problemOfPushTokens(object: JsonObject): Problem | undefined {
  const {
    push_token_import: isImport,
    push_tokens: tokens,
    external_id: externalId,
    braze_id: brazeId,
  } = object
  if (isImport === true) {
    const hasTokens = !Array.isArray(tokens) || tokens.length > 0
    if (externalId != null || brazeId != null || tokens == null || !hasTokens) return problems.import
  }
  if (!Array.isArray(tokens)) return problems.list
  for (const token of tokens as readonly unknown[]) {
    const problem = isJsonObject(token) ? problemOfToken(token) : problems.list
    if (problem !== undefined) return problem
  }
  return undefined
}

function problemOfToken({ app_id: appId, token, device_id: deviceId }: JsonObject): Problem | undefined {
  if (typeof appId !== 'string' || appId === '') return problems.appId
  if (typeof token !== 'string' || token === '') return problems.token
  if (deviceId === undefined) return undefined
  const bytes = typeof deviceId === 'string' ? Buffer.byteLength(deviceId) : 0
  return bytes >= leastDeviceIdBytes && bytes <= mostDeviceIdBytes ? undefined : problems.deviceId
}
