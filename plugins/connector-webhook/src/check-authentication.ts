/** Whether the settings hold what the chosen authentication needs. */
import type { z } from '@sluice/connector-sdk'
import { isHeaderText, mayBeSet } from './header-names.ts'

/** What each kind cannot do without. */
const needs: Readonly<Record<string, readonly string[]>> = {
  basic: ['username', 'password'],
  bearer: ['token'],
  header: ['token', 'tokenName'],
  query: ['token', 'tokenName'],
  hmac: ['signingKey'],
  jwt: ['signingKey'],
  'client-credentials': ['tokenUrl', 'clientId', 'clientSecret'],
  'password-grant': ['tokenUrl', 'clientId', 'username', 'password'],
  'authorization-code': ['tokenUrl', 'authorizationUrl', 'clientId'],
}
const mayBePublic: ReadonlySet<string> = new Set(['password-grant', 'authorization-code'])
/** They make a token, which has a place. */
const makeTokens: ReadonlySet<string> = new Set([
  'jwt',
  'client-credentials',
  'password-grant',
  'authorization-code',
])
const headerNames = ['signatureHeader', 'timestampHeader'] as const

export function checkAuthentication({
  issues,
  value,
}: z.core.ParsePayload<Readonly<Record<string, unknown>>>): void {
  const kind = String(value['authentication'])
  const issue = (path: string, message: string) =>
    issues.push({ code: 'custom', message, input: undefined, path: [path], continue: true })
  for (const name of needs[kind] ?? []) {
    if (value[name] === undefined) issue(name, `The authentication "${kind}" needs it.`)
  }
  if (mayBePublic.has(kind) && value['clientAuthentication'] !== 'none') {
    if (value['clientSecret'] === undefined) issue('clientSecret', 'A client that is not public needs it.')
  }
  if (value['presentsCertificate'] === true) {
    for (const name of ['certificate', 'certificateKey']) {
      if (value[name] === undefined) issue(name, 'A client certificate needs it.')
    }
  }
  const { tokenName, tokenPlace, tokenPrefix } = value
  const place = makeTokens.has(kind) ? tokenPlace : kind
  if (place === 'query' && tokenName === undefined && kind !== 'query')
    issue('tokenName', 'A token in a URL parameter needs its name.')
  if (place === 'header' && tokenPrefix !== undefined && !isHeaderText(String(tokenPrefix)))
    issue('tokenPrefix', 'A header has Latin characters only, and no line breaks.')
  const named = place === 'header' ? [...headerNames, 'tokenName'] : headerNames
  for (const name of named) {
    const header = value[name]
    if (header !== undefined && !mayBeSet(String(header)))
      issue(name, 'This is no name of a header, or of one that Sluice itself makes.')
  }
}
