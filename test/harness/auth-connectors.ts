/** Small connectors, one for each way to authenticate; docs/write-a-connector.md shows pieces of them. */
import {
  authorizationCode,
  bearer,
  type Connector,
  type ConnectorDefinition,
  clientCredentials,
  defineConnector,
  hmacSignature,
  jwt,
  mutualTls,
  noAuth,
  secret,
  secretRef,
  verdictByStatus,
  z,
} from '@sluice/connector-sdk'
import { testConnector } from './test-connector.ts'

const endpoint = z.url().meta({ title: 'Endpoint', description: 'Address of the API.' })
const text = (title: string) => z.string().meta({ title, description: 'As the vendor shows it.' })
const hidden = (title: string) => secret({ title, description: 'As the vendor shows it.' })

function define(parts: Pick<ConnectorDefinition, 'id' | 'settings' | 'auth'>): Connector {
  return defineConnector({
    ...testConnector,
    ...parts,
    name: parts.id,
    baseUrl: (settings) => String(settings['endpoint']),
    testConnection: {
      plan: () => ({ method: 'GET', path: '/me', parts: [] }),
      interpret: (response) => verdictByStatus(response),
    },
  })
}

export const referring = defineConnector({
  ...define({ id: 'referring', settings: z.object({ endpoint, apiKey: hidden('API key') }), auth: noAuth }),
  testConnection: {
    plan: () => ({
      method: 'POST',
      path: '/me',
      headers: { authorization: ['Token token=', secretRef('apiKey')] },
      body: { kind: 'json', value: { auth: { key: secretRef('apiKey') } } },
      parts: [],
    }),
    interpret: (response) => verdictByStatus(response),
  },
})

export const signed = define({
  id: 'signed',
  settings: z.object({ endpoint, signingKey: hidden('Signing key') }),
  auth: hmacSignature({
    secret: 'signingKey',
    algorithm: 'sha256',
    parts: ['timestamp', { text: '.' }, 'method', 'path', { text: '.' }, 'body'],
    encoding: 'hex',
    header: 'x-signature',
    prefix: 'v1=',
    timestamp: { header: 'x-timestamp', format: 'seconds' },
  }),
})

export const selfSigned = define({
  id: 'self-signed',
  settings: z.object({
    endpoint,
    teamId: text('Team'),
    keyId: text('Key id'),
    privateKey: hidden('Private key'),
  }),
  auth: jwt({
    algorithm: 'ES256',
    key: 'privateKey',
    keyId: ({ keyId }) => String(keyId),
    issuer: ({ teamId }) => String(teamId),
    audience: 'https://api.acme.example',
    lifetimeSeconds: 600,
  }),
})

export const withClient = define({
  id: 'with-client',
  settings: z.object({ endpoint, clientId: text('Client id'), clientSecret: hidden('Client secret') }),
  auth: clientCredentials({
    tokenUrl: ({ endpoint }) => `${endpoint}/token`,
    clientId: 'clientId',
    clientSecret: 'clientSecret',
    scopes: ['contacts.read', 'contacts.write'],
    parameters: { audience: 'https://api.acme.example' },
  }),
})

export const allowed = define({
  id: 'allowed',
  settings: z.object({ endpoint, clientId: text('Client id'), clientSecret: hidden('Client secret') }),
  auth: authorizationCode({
    authorizationUrl: ({ endpoint }) => `${endpoint}/authorize`,
    tokenUrl: ({ endpoint }) => `${endpoint}/token`,
    clientId: 'clientId',
    clientSecret: 'clientSecret',
    scopes: ['contacts.write', 'offline_access'],
  }),
})

export const certified = define({
  id: 'certified',
  settings: z.object({
    endpoint,
    certificate: hidden('Certificate'),
    privateKey: hidden('Private key'),
    authority: text('Authority').optional(),
    apiKey: hidden('API key'),
  }),
  auth: mutualTls({
    certificate: 'certificate',
    key: 'privateKey',
    authority: 'authority',
    auth: bearer('apiKey'),
  }),
})
