/** What narrowed parameters answer, beside what the whole ones answer to the same payload. */
import braze from '@sluice/connector-braze'
import { z } from '@sluice/connector-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { narrowParameters } from './narrow-parameters.ts'
import { validate } from './validate.ts'

const trackUser = braze.actions['track-user']?.parameters ?? z.object({})

/** One of each kind of parameter, with checks that look at several. */
const mixed = z
  .object({
    required: z.string(),
    short: z.string().min(2).nullish(),
    trimmed: z.string().trim().optional(),
    number: z.number().max(100).optional(),
    plan: z.enum(['free', 'paid']).default('free'),
    fallback: z.string().optional().default('none'),
    filled: z
      .string()
      .optional()
      .transform((text) => text ?? 'filled in'),
    anything: z.unknown(),
    demanded: z.unknown().refine((value) => value !== 'never'),
    unioned: z.union([z.string(), z.undefined()]),
    caught: z.string().catch('caught'),
    nested: z.object({ inner: z.string().default('inner') }).optional(),
    prepared: z.preprocess((value) => value ?? 'prepared', z.string()).optional(),
    free: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ short, number }) => (short ?? '').length !== number, { message: 'same_length', path: ['short'] })
  .refine((payload) => !('trimmed' in payload) || payload.trimmed !== 'no', { message: 'not_that_one' })

const someEntries = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 6 }),
  fc.oneof(fc.string(), fc.integer()),
  { maxKeys: 3 },
)
/** A mapping makes entries for an open group, and nothing else. */
const openGroups = ['free', 'attributes']
const someValue = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.constantFrom('free', 'paid', 'no', 'never', '', ' a ', 'a@b.c', '1990-05-28', 'NL'),
  fc.integer({ min: -5, max: 200 }),
  fc.boolean(),
  someEntries,
)
const someCell = (names: readonly string[]) =>
  fc
    .constantFrom(...names)
    .chain((name) => fc.tuple(fc.constant(name), openGroups.includes(name) ? someEntries : someValue))

describe.each([
  ['mixed parameters', mixed],
  ['mixed parameters that allow no others', mixed.extend({}).strict()],
  ['mixed parameters that let others through', mixed.extend({}).loose()],
  ["Braze's parameters", trackUser],
])('%s', (_, whole) => {
  it('are answered alike, narrow and whole, values and problems', () => {
    const names = Object.keys(whole.shape)
    fc.assert(
      fc.property(
        fc
          .subarray(names)
          .chain((filled) =>
            fc.tuple(fc.constant(filled), fc.uniqueArray(someCell(names), { selector: ([name]) => name })),
          ),
        ([filled, cells]) => {
          const payload = () =>
            Object.fromEntries(structuredClone(cells.filter(([name]) => filled.includes(name))))
          const narrow = narrowParameters(whole, new Set(filled))
          const answer = validate(narrow, payload())
          expect(answer).toStrictEqual(validate(whole, payload()))
          if (answer.ok) expect(Object.keys(answer.value)).toEqual(Object.keys(validated(whole, payload())))
        },
      ),
      { numRuns: 500 },
    )
  })
})

function validated(schema: z.ZodObject, payload: unknown): Readonly<Record<string, unknown>> {
  const answer = validate(schema, payload)
  return answer.ok ? answer.value : {}
}

describe('narrowParameters', () => {
  it('keeps what is filled, what has a default and what is demanded, and nothing else', () => {
    const narrow = narrowParameters(mixed, new Set(['short', 'free']))
    expect(Object.keys(narrow.shape)).toEqual(
      expect.arrayContaining(['required', 'short', 'plan', 'fallback', 'filled', 'caught', 'free']),
    )
    expect(Object.keys(narrow.shape)).not.toEqual(expect.arrayContaining(['trimmed']))
    expect(Object.keys(narrow.shape)).not.toContain('number')
    expect(Object.keys(narrow.shape)).not.toContain('nested')
  })

  it('leaves most of what Braze could be told unasked', () => {
    const narrow = narrowParameters(trackUser, new Set(['externalId', 'email', 'attributes']))
    expect(Object.keys(narrow.shape)).toEqual(['externalId', 'email', 'attributes', 'updateExistingOnly'])
  })

  it('a schema whose check throws accepts nothing, narrow or whole', () => {
    const throwing = z.object({ a: z.string().optional(), b: z.string().optional() }).refine(() => {
      throw new Error('a value')
    })
    const answer = validate(narrowParameters(throwing, new Set(['a'])), { a: 'x' })
    expect(answer).toEqual({ ok: false, problems: [{ code: 'validation_failed', path: '' }] })
  })
})
