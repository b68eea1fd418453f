/** Whether the settings hold what the chosen authentication needs. */
import type { z } from '@sluice/connector-sdk'
import { mayBeSet } from './header-names.ts'

/** What each kind cannot do without. */
const needs: Readonly<Record<string, readonly string[]>> = {
  basic: ['username', 'password'],
  bearer: ['token'],
  header: ['token', 'tokenName'],
  query: ['token', 'tokenName'],
  hmac: ['signingKey'],
  jwt: ['signingKey'],
  'client-credentials': ['tokenUrl', 'clientId', 'clientSecret'],
  'authorization-code': ['tokenUrl', 'authorizationUrl', 'clientId'],
}
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
  if (kind === 'authorization-code' && value['clientAuthentication'] !== 'none') {
    if (value['clientSecret'] === undefined) issue('clientSecret', 'A client that is not public needs it.')
  }
  if (value['presentsCertificate'] === true) {
    for (const name of ['certificate', 'certificateKey']) {
      if (value[name] === undefined) issue(name, 'A client certificate needs it.')
    }
  }
  const named = kind === 'header' ? [...headerNames, 'tokenName'] : headerNames
  for (const name of named) {
    const header = value[name]
    if (header !== undefined && !mayBeSet(String(header)))
      issue(name, 'This is no name of a header, or of one that Sluice itself makes.')
  }
}
