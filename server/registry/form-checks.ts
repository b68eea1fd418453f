/** Checks on the forms of a plugin: settings and parameters. */
import { secretNames, type z } from '@sluice/connector-sdk'
import { formOf } from './form.ts'

/** A form with the name by which people find it. */
export interface NamedForm {
  readonly name: string
  readonly schema: z.ZodObject
}

export function findUnrenderableForms(forms: readonly NamedForm[]): readonly string[] {
  return forms.flatMap(({ name, schema }) => {
    try {
      formOf(schema)
      return []
    } catch (error) {
      const detail = error instanceof Error ? ` (${error.message})` : ''
      return [`The form "${name}" has a field that JSON Schema cannot describe${detail}.`]
    }
  })
}

export function findUnlabelledFields(forms: readonly NamedForm[]): readonly string[] {
  return forms.flatMap(({ name, schema }) =>
    fieldsOf(formOf(schema))
      .filter(({ field }) => !isText(field['title']) || !isText(field['description']))
      .map(({ path }) => `The field "${path.join('.')}" of "${name}" needs a title and a description.`),
  )
}

/** Only a secret that is a setting of its own is kept encrypted: one inside another would be stored in clear. */
export function findHiddenSecrets(settings: z.ZodObject): readonly string[] {
  const known = new Set(secretNames(settings))
  return fieldsOf(formOf(settings))
    .filter(({ path, field }) => field['secret'] === true && !(path.length === 1 && known.has(path[0] ?? '')))
    .map(
      ({ path }) =>
        `The secret "${path.join('.')}" must be a setting of its own, made by secret(…) and not wrapped.`,
    )
}

export function findSecretParameters(forms: readonly NamedForm[]): readonly string[] {
  return forms.flatMap(({ name, schema }) =>
    fieldsOf(formOf(schema))
      .filter(({ field }) => field['secret'] === true)
      .map(({ path }) => `The parameter "${path.join('.')}" of "${name}" is a secret. Make it a setting.`),
  )
}

interface Field {
  readonly path: readonly string[]
  readonly field: Readonly<Record<string, unknown>>
}

/** Every named property of a JSON Schema, however deep. */
function fieldsOf(schema: unknown, path: readonly string[] = []): readonly Field[] {
  if (!isRecord(schema)) return []
  const properties = isRecord(schema['properties']) ? Object.entries(schema['properties']) : []
  const nested = [schema['items'], schema['additionalProperties'], ...alternativesOf(schema)]
  return [
    ...properties.flatMap(([name, field]) => [
      ...(isRecord(field) ? [{ path: [...path, name], field }] : []),
      ...fieldsOf(field, [...path, name]),
    ]),
    ...nested.flatMap((each) => fieldsOf(each, path)),
  ]
}

function alternativesOf(schema: Readonly<Record<string, unknown>>): readonly unknown[] {
  return ['anyOf', 'oneOf', 'allOf', 'prefixItems'].flatMap((keyword) => {
    const entries = schema[keyword]
    return Array.isArray(entries) ? entries : []
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}
