/** How the fields of a form are listed. */
import { secret, z } from '@sluice/connector-sdk'
import { expect, it } from 'vitest'
import { formOf } from './form.ts'
import { type FormField, formFieldsOf } from './form-fields.ts'

const labels = { title: 'T', description: 'D.' }
const fieldOf = (field: z.ZodType): FormField => {
  const [found] = formFieldsOf(formOf(z.object({ field })))
  if (found === undefined) throw new Error('The form has no field.')
  return found
}

it.each<[string, z.ZodType, Partial<FormField>]>([
  ['a text', z.string().meta(labels), { type: 'text', isRequired: true, title: 'T', description: 'D.' }],
  ['one that may be left out', z.email().optional().meta(labels), { type: 'text', isRequired: false }],
  ['one that may be empty', z.string().nullable().meta(labels), { type: 'text', isRequired: true }],
  ['a whole number', z.int().meta(labels), { type: 'number' }],
  ['a boolean', z.boolean().default(true).meta(labels), { type: 'boolean', isRequired: false }],
  ['a choice', z.enum(['a', 'b']).meta(labels), { type: 'choice', options: ['a', 'b'] }],
  ['a choice that may be empty', z.enum(['a']).nullish().meta(labels), { type: 'choice', options: ['a'] }],
  [
    'a choice of constants',
    z.union([z.literal('a'), z.literal(2)]).meta(labels),
    { type: 'choice', options: ['a', '2'] },
  ],
  ['a choice or anything', z.union([z.enum(['a']), z.string()]).meta(labels), { type: 'text', options: [] }],
  ['a text or a number', z.union([z.string(), z.number()]).meta(labels), { type: 'any' }],
  ['what can be anything', z.unknown().meta(labels), { type: 'any' }],
  ['a list', z.array(z.string()).meta({ ...labels, repeated: true }), { type: 'list', isRepeated: true }],
  [
    'an open group',
    z.record(z.string(), z.unknown()).meta({ ...labels, open: true, group: 'Attributes' }),
    { type: 'group', isOpen: true, group: 'Attributes' },
  ],
  ['a secret', secret(labels), { type: 'text', isSecret: true }],
  [
    'one that is shown with another',
    z.string().meta({ ...labels, when: { way: ['user'] }, examples: ['ann'] }),
    { when: { way: ['user'] }, examples: ['ann'] },
  ],
])('%s', (_, field, expected) => {
  expect(fieldOf(field)).toMatchObject(expected)
})
