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
