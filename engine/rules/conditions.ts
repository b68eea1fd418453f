/** What a segment asks of a record: groups joined by OR, the conditions of a group joined by AND. */
import { z } from '@sluice/connector-sdk'
import { operators } from './operators.ts'

const maxGroups = 50
const maxConditions = 100
const maxText = 1500

// Databases and JSON stores refuse NUL, and half a surrogate pair would change on its way to the database.
const storable = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text)

const text = z
  .string()
  .max(maxText, `A text of a condition has at most ${maxText} characters.`)
  .refine(storable, 'Remove the NUL characters and broken surrogate pairs from this text.')

const neededText = text.min(1, 'This operator needs a text of at least one character.')

const attribute = text.min(1, 'Name the attribute that the condition is about.')

const earliest = Date.parse('0001-01-01T00:00:00.000Z')
const latest = Date.parse('9999-12-31T23:59:59.999Z')

const instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'Write the date as 2026-01-31 or as 2026-01-31T12:00:00Z (seconds and a zone are required).',
  })
  .refine((value) => {
    const ms = Date.parse(value)
    return ms >= earliest && ms <= latest
  }, 'Use a date between the years 1 and 9999.')

const conditionSchema = z.discriminatedUnion(
  'operator',
  [
    z.strictObject({
      attribute,
      operator: z.literal(['equals', 'notEquals']),
      value: z.union([text, z.number()], { error: 'This operator needs a text or a number as its value.' }),
    }),
    z.strictObject({
      attribute,
      operator: z.literal(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual']),
      value: z.number('This operator needs a number as its value.'),
    }),
    z.strictObject({
      attribute,
      operator: z.literal(['contains', 'notContains', 'startsWith', 'endsWith']),
      value: neededText,
    }),
    z.strictObject({
      attribute,
      operator: z.literal(['before', 'after']),
      value: instant,
    }),
    z.strictObject({
      attribute,
      operator: z.literal(['isAssigned', 'isNotAssigned', 'isTrue', 'isFalse']),
    }),
  ],
  { error: `A condition needs an operator: one of ${Object.keys(operators).join(', ')}.` },
)

const groupSchema = z.strictObject({
  all: z.array(conditionSchema).min(1, 'Add a condition to this group or remove the group.'),
})

/** `{ any: [] }` asks nothing: every record meets it. */
export const conditionsSchema = z.strictObject({
  any: z
    .array(groupSchema)
    .max(maxGroups, `Use at most ${maxGroups} groups.`)
    .refine(
      (groups) => groups.reduce((sum, { all }) => sum + all.length, 0) <= maxConditions,
      `Use at most ${maxConditions} conditions in all groups together.`,
    ),
})

export type Conditions = z.output<typeof conditionsSchema>
export type Condition = z.output<typeof conditionSchema>
