/** What a label is: a name that can be typed anywhere, and a colour. */
import { z } from 'zod'

const maxNameLength = 50

const labelNameSchema = z
  .string()
  .min(1, 'Give the label a name.')
  .max(maxNameLength, `The name of a label has at most ${maxNameLength} characters.`)
  .refine((name) => /^[A-Za-z0-9_]*$/.test(name), {
    error: 'Use unaccented letters, digits and underscores only.',
    params: { code: 'invalid_text' },
  })

const colourSchema = z
  .string()
  .regex(/^#[0-9A-Fa-f]{6}$/, 'Write the colour as # and six hexadecimal digits, for example #1a7f37.')
  .toLowerCase()

export const labelSchema = z.object({ name: labelNameSchema, colour: colourSchema })
