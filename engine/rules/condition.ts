/** One condition as people write it: an attribute, an operator, and what the operator needs. */
import { z } from '@sluice/connector-sdk'
import { agoSchema, instantSchema, nowSchema } from './moments.ts'
import { operators } from './operators.ts'
import { compilePattern } from './patterns.ts'

const maxText = 1500
const maxPattern = 500

// Databases and JSON stores refuse NUL, and half a surrogate pair would change on its way to the database.
const storable = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text)

const text = z
  .string()
  .max(maxText, `A text of a condition has at most ${maxText} characters.`)
  .refine(storable, 'Remove the NUL characters and broken surrogate pairs from this text.')

const neededText = text.min(1, 'This operator needs a text of at least one character.')

const attribute = text.min(1, 'Name the attribute that the condition is about.')

/** Whether capitals and small letters count as the same (Unicode's simple case folding). */
const ignoreCase = z.boolean('Write ignoreCase as true or false.').exactOptional()

const relative = z.discriminatedUnion(
  'kind',
  [z.strictObject({ kind: z.literal('attribute'), attribute }), nowSchema],
  {
    error:
      'Compare with a date ("2026-01-31"), an attribute ({ kind: "attribute", attribute }) or a time from now ({ kind: "now", amount: -30, unit: "days" }).',
  },
)

/** A date, another attribute, or a time from now; what is wrong is said of the one that was meant. */
const moment = z.union([instantSchema, relative], {
  error: ({ input }) => {
    const meant = typeof input === 'string' ? instantSchema : relative
    return meant.safeParse(input).error?.issues[0]?.message
  },
})

const pattern = z
  .strictObject({
    attribute,
    operator: z.literal('matches'),
    value: neededText.max(maxPattern, `A pattern has at most ${maxPattern} characters.`),
    ignoreCase,
    multiline: z.boolean('Write multiline as true or false.').exactOptional(),
  })
  .superRefine(({ value, ignoreCase = false, multiline = false }, context) => {
    const compiled = compilePattern(value, { ignoreCase, multiline })
    if (compiled.ok) return
    context.addIssue({
      ...{ code: 'custom', path: ['value'], message: compiled.message, params: { code: 'bad_pattern' } },
    })
  })

export const conditionSchema = z.discriminatedUnion(
  'operator',
  [
    z.strictObject({
      attribute,
      operator: z.literal(['equals', 'notEquals']),
      value: z.union([text, z.number()], { error: 'This operator needs a text or a number as its value.' }),
      ignoreCase,
    }),
    z.strictObject({
      attribute,
      operator: z.literal(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual']),
      value: z.number('This operator needs a number as its value.'),
    }),
    z.strictObject({
      attribute,
      operator: z.literal([
        ...(['contains', 'notContains', 'startsWith', 'endsWith'] as const),
        ...(['itemContains', 'noItemContains', 'itemStartsWith', 'itemEndsWith'] as const),
      ]),
      value: neededText,
      ignoreCase,
    }),
    pattern,
    z.strictObject({
      attribute,
      operator: z.literal(['before', 'onOrBefore', 'after', 'onOrAfter']),
      value: moment,
    }),
    z.strictObject({
      attribute,
      operator: z.literal(['occurredLessThanAgo', 'occurredMoreThanAgo']),
      value: agoSchema,
    }),
    z.strictObject({
      attribute,
      operator: z.literal(['containsItem', 'notContainsItem']),
      value: z.union([text, z.number(), z.boolean()], {
        error: 'This operator needs a text, a number, true or false as its value.',
      }),
      ignoreCase,
    }),
    z.strictObject({
      attribute,
      operator: z.literal('containsOnly'),
      value: z.boolean('This operator needs true or false as its value.'),
    }),
    z.strictObject({
      attribute,
      operator: z.literal([
        ...(['isAssigned', 'isNotAssigned', 'isEmpty', 'isNotEmpty', 'isTrue', 'isFalse'] as const),
      ]),
    }),
  ],
  { error: `A condition needs an operator: one of ${Object.keys(operators).join(', ')}.` },
)

export type Condition = z.output<typeof conditionSchema>

/** A condition on dates: what it asks may depend on what is now. */
export type MomentCondition = Extract<
  Condition,
  { readonly operator: 'before' | 'onOrBefore' | 'after' | 'onOrAfter' | `occurred${string}` }
>
export type TimelessCondition = Exclude<Condition, MomentCondition>

export function isMomentCondition(condition: Condition): condition is MomentCondition {
  return operators[condition.operator].fits.some((type) => type === 'date') && 'value' in condition
}

/** What a date is compared with. */
export type Moment = z.output<typeof moment>
