/** What parameters of every zod type want to get. */
import { z } from '@sluice/connector-sdk'
import { expect, it } from 'vitest'
import { targetOf } from './target.ts'

const list = (element: unknown) => ({ kind: 'array', element })
const recursive: z.ZodType = z.lazy(() => z.array(recursive))

it.each([
  ['a text', z.string(), { kind: 'string' }],
  ['an e-mail', z.email(), { kind: 'string' }],
  ['an instant', z.iso.datetime(), { kind: 'instant' }],
  ['an instant, old style', z.string().datetime(), { kind: 'instant' }],
  ['a day', z.iso.date(), { kind: 'day' }],
  ['a number', z.number(), { kind: 'number' }],
  ['an integer', z.int(), { kind: 'number' }],
  ['a boolean', z.boolean(), { kind: 'boolean' }],
  ['an enum', z.enum(['a', 'b']), { kind: 'string' }],
  ['numbers to choose from', z.literal([1, 2, null]), { kind: 'number' }],
  ['a mixed choice', z.literal([1, 'a']), { kind: 'json' }],
  ['a template', z.templateLiteral(['a', z.string()]), { kind: 'string' }],
  ['texts or null', z.union([z.email(), z.e164(), z.null()]), { kind: 'string' }],
  ['a text or number', z.union([z.string(), z.number()]), { kind: 'json' }],
  ['anything', z.unknown(), { kind: 'json' }],
  ['an object', z.object({}), { kind: 'json' }],
  ['texts', z.array(z.string()), list({ kind: 'string' })],
  ['lists of numbers', z.array(z.array(z.number())), list(list({ kind: 'number' }))],
  ['an optional', z.string().optional(), { kind: 'string' }],
  ['a nullable with default', z.number().nullable().default(1), { kind: 'number' }],
  [
    'a checked and described text',
    z
      .string()
      .refine(() => true)
      .meta({ title: 'T' }),
    { kind: 'string' },
  ],
  ['a transformed text', z.string().transform(Number).pipe(z.number()), { kind: 'string' }],
  ['a preprocessed number', z.preprocess((value) => value, z.number()), { kind: 'number' }],
  [
    'a read-only with prefault and catch',
    z.boolean().prefault(true).catch(false).readonly(),
    { kind: 'boolean' },
  ],
  ['a lazy text', z.lazy(() => z.string()), { kind: 'string' }],
])('takes %s for what it is', (_, schema, expected) => {
  expect(targetOf(schema)).toEqual(expected)
})

it('comes to an end where a schema contains itself', () => {
  expect(JSON.stringify(targetOf(recursive))).toContain('json')
})
