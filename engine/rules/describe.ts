/** Conditions in words, for lists, version notes and logs of configuration. */
import type { Condition, Conditions } from './conditions.ts'
import { operators } from './operators.ts'

/** One sentence part, for example `country is "NL" and age is at least 18`. */
export function describeConditions(conditions: Conditions): string {
  if (conditions.any.length === 0) return 'every record'
  const groups = conditions.any.map(({ all }) => all.map(describeCondition).join(' and '))
  if (groups.length === 1) return groups.join('')
  return conditions.any
    .map(({ all }, index) => (all.length === 1 ? groups[index] : `(${groups[index]})`))
    .join(' or ')
}

function describeCondition(condition: Condition): string {
  const { words } = operators[condition.operator]
  if (!('value' in condition)) return `${condition.attribute} ${words}`
  const isDate = condition.operator === 'before' || condition.operator === 'after'
  const value = isDate ? condition.value : JSON.stringify(condition.value)
  return `${condition.attribute} ${words} ${value}`
}
