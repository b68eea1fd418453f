/** What a value lacks of a shape, in words for the plugin's author. */
import type { z } from 'zod'

/** One sentence a problem, with the path; never the value. */
export function problemsOf(shape: z.ZodType, value: unknown): readonly string[] {
  const issues = shape.safeParse(value).error?.issues ?? []
  return issues.map(({ path, message }) => `${path.length === 0 ? 'It' : path.join('.')}: ${message}.`)
}
