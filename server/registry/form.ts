/** A plugin's form as JSON Schema: what a console draws, with titles, groups and secrecy. */
import { z } from 'zod'

/** Throws when the form has a type that JSON Schema cannot name. */
export function formOf(schema: z.ZodObject): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' }) as Record<string, unknown>
}
