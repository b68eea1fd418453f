/** Whether the secrets that a plan refers to are secrets of the connector: else the host sends nothing. */
import { referredSecret, secretNames } from '@sluice/connector-sdk'
import { contextOf, groupsOf, planOf, type Subject } from './subject.ts'

/** Of the action's requests, and of the connection test. */
export function checkSecrets(subject: Subject): readonly string[] {
  const { connector } = subject
  const secrets = new Set(secretNames(connector.settings))
  const requests = [
    ...groupsOf(subject, subject.payloads).flatMap((group) => planOf(subject, group)),
    connector.testConnection.plan(contextOf(subject)),
  ]
  const names = new Set(requests.flatMap(({ body, headers, query }) => referredIn({ body, headers, query })))
  return [...names]
    .filter((name) => !secrets.has(name))
    .map((name) => `A request refers to the secret "${name}", which is no secret setting.`)
}

function referredIn(value: unknown): readonly string[] {
  const name = referredSecret(value)
  if (name !== undefined) return [name]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(referredIn) : []
}
