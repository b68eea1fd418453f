/** Settings of a document apart: what stands in it, and what comes from variables. */
import type { PublicSettings } from '@sluice/connector-sdk'
import type { Issue } from '../problems/rules.ts'
import type { Secrets } from '../workspaces/secrets.ts'
import { isSecretVariable, secretReference, secretVariablePrefix } from './secret-variables.ts'

export interface ToldSettings {
  /** Without secrets. */
  readonly settings: PublicSettings
  /** Names of secrets and the variables that have them. */
  readonly references: ReadonlyMap<string, string>
  readonly issues: readonly Issue[]
}

export function readToldSettings(given: PublicSettings, secretFields: readonly string[]): ToldSettings {
  const isSecret = ([name]: readonly [string, unknown]) => secretFields.includes(name)
  const secrets = Object.entries(given)
    .filter(isSecret)
    .filter(([, value]) => value !== null)
  const references = secrets.flatMap(([name, value]) => {
    const reference = secretReference(value)
    return reference === undefined ? [] : [[name, reference.env] as const]
  })
  return {
    settings: Object.fromEntries(Object.entries(given).filter((entry) => !isSecret(entry))),
    references: new Map(references),
    issues: [
      ...secrets
        .filter(([, value]) => secretReference(value) === undefined)
        .map(([name]) => openSecret(name)),
      ...references.filter(([, env]) => !isSecretVariable(env)).map(([name]) => badVariable(name)),
    ],
  }
}

/** As the plugin's form is given them: a secret that is left out stays, null takes it away. */
export function givenSettings(
  { settings, references }: ToldSettings,
  values: ReadonlyMap<string, string> | undefined,
  saved: Secrets,
): PublicSettings {
  const given = [...references].flatMap(([name, env]) => {
    const value = values?.get(env)
    return value === undefined ? [] : [[name, value] as const]
  })
  const gone = Object.keys(saved)
    .filter((name) => !references.has(name))
    .map((name) => [name, null] as const)
  return { ...settings, ...Object.fromEntries([...given, ...gone]) }
}

/** As a document has them. */
export function withReferences(
  settings: PublicSettings,
  references: ReadonlyMap<string, string>,
): Record<string, unknown> {
  return { ...settings, ...Object.fromEntries([...references].map(([name, env]) => [name, { env }])) }
}

function openSecret(name: string): Issue {
  const message = `"${name}" is a secret, which has no place in a file. Put it into a variable of the environment, and write { env: ${secretVariablePrefix}… } here.`
  return { path: ['settings', name], code: 'secret_in_document', message }
}

function badVariable(name: string): Issue {
  const message = `Name a variable that begins with ${secretVariablePrefix}, followed by capital letters, digits and underscores: no other is read.`
  return { path: ['settings', name, 'env'], code: 'bad_variable_name', message }
}

export function secretMissing(name: string, variable: string): Issue {
  const message = `The variable ${variable} is not set, and the workspace has no value for "${name}" yet. Set it where you apply the configuration.`
  return { path: ['settings', name], code: 'secret_missing', message }
}
