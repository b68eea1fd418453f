/** Conditions in words. */
import { expect, it } from 'vitest'
import { conditionsSchema } from './conditions.ts'
import { describeConditions } from './describe.ts'

const country = { attribute: 'country', operator: 'equals', value: 'NL' }
const age = { attribute: 'age', operator: 'greaterThanOrEqual', value: 18 }
const email = { attribute: 'email', operator: 'isNotAssigned' }
const seen = { attribute: 'last seen', operator: 'after', value: '2024-01-01' }

it.each([
  [[], 'every record'],
  [[[country, age]], 'country is "NL" and age is at least 18'],
  [
    [[country, seen], [email]],
    '(country is "NL" and last seen is after 2024-01-01) or email is not assigned',
  ],
])('describes %j', (groups, expected) => {
  const conditions = conditionsSchema.parse({ any: groups.map((all) => ({ all })) })
  expect(describeConditions(conditions)).toBe(expected)
})

const moment = (operator: string, value: unknown) => ({ attribute: 'seen', operator, value })

it.each([
  [
    moment('onOrBefore', { kind: 'now', amount: -30, unit: 'days' }),
    'seen is at the latest 30 days before now',
  ],
  [moment('after', { kind: 'now', amount: 1, unit: 'months' }), 'seen is after 1 month after now'],
  [moment('onOrAfter', { kind: 'now', amount: 0, unit: 'days' }), 'seen is at the earliest now'],
  [moment('before', { kind: 'attribute', attribute: 'created' }), 'seen is before created'],
  [moment('occurredLessThanAgo', { amount: 2, unit: 'weeks' }), 'seen occurred less than 2 weeks ago'],
  [moment('occurredMoreThanAgo', { amount: 1, unit: 'hours' }), 'seen occurred more than 1 hour ago'],
  [{ attribute: 'tags', operator: 'containsItem', value: 'vip' }, 'tags has the item "vip"'],
  [{ attribute: 'flags', operator: 'containsOnly', value: false }, 'flags has only the item false'],
  [
    { attribute: 'name', operator: 'matches', value: '^a', ignoreCase: true, multiline: true },
    'name matches the pattern "^a" (ignoring case, line by line)',
  ],
  [
    { attribute: 'name', operator: 'startsWith', value: 'a', ignoreCase: true },
    'name starts with "a" (ignoring case)',
  ],
  [{ attribute: 'name', operator: 'isEmpty' }, 'name is empty'],
])('describes %j', (condition, expected) => {
  expect(describeConditions(conditionsSchema.parse({ any: [{ all: [condition] }] }))).toBe(expected)
})

it.each([
  [{ any: [], exclude: [{ all: [email] }] }, 'every record, but not if email is not assigned'],
  [
    { any: [{ all: [country] }], exclude: [{ all: [age, seen] }, { all: [email] }] },
    'country is "NL", but not if (age is at least 18 and last seen is after 2024-01-01) or email is not assigned',
  ],
])('describes what is excluded: %j', (tree, expected) => {
  expect(describeConditions(conditionsSchema.parse(tree))).toBe(expected)
})
