/** A plugin's form as JSON Schema: what a console draws, with titles, groups and secrecy. */
import type { ActionDefinition } from '@sluice/connector-sdk'
import { z } from 'zod'

/** The form of an action's parameters; `liveChoices` marks those for which the vendor can be asked. */
export function parametersFormOf({ choices = {}, parameters }: ActionDefinition): Record<string, unknown> {
  const form = formOf(parameters)
  const properties = Object.entries(form['properties'] ?? {}).map(([name, field]) => [
    name,
    Object.hasOwn(choices, name) ? { ...field, liveChoices: true } : field,
  ])
  return { ...form, properties: Object.fromEntries(properties) }
}

/** Throws when the form has a type that JSON Schema cannot name. */
export function formOf(schema: z.ZodObject): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' }) as Record<string, unknown>
}
