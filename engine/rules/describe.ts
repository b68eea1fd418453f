/** Conditions in words, for lists, version notes and logs of configuration. */
import type { Condition, Moment } from './condition.ts'
import type { ConditionGroup, Conditions } from './conditions.ts'
import { operators } from './operators.ts'

/** One sentence part, for example `country is "NL" and age is at least 18, but not if email is empty`. */
export function describeConditions({ any, exclude = [] }: Conditions): string {
  const included = any.length === 0 ? 'every record' : describeGroups(any)
  return exclude.length === 0 ? included : `${included}, but not if ${describeGroups(exclude)}`
}

function describeGroups(groups: readonly ConditionGroup[]): string {
  const parts = groups.map(({ all }) => {
    const conditions = all.map(describeCondition).join(' and ')
    return all.length === 1 || groups.length === 1 ? conditions : `(${conditions})`
  })
  return parts.join(' or ')
}

function describeCondition(condition: Condition): string {
  const { words } = operators[condition.operator]
  if (!('value' in condition)) return `${condition.attribute} ${words}`
  return `${condition.attribute} ${words} ${describeValue(condition)}${describeOptions(condition)}`
}

function describeValue(condition: Extract<Condition, { readonly value: unknown }>): string {
  switch (condition.operator) {
    case 'before':
    case 'onOrBefore':
    case 'after':
    case 'onOrAfter':
      return describeMoment(condition.value)
    case 'occurredLessThanAgo':
    case 'occurredMoreThanAgo':
      return `${describeAmount(condition.value)} ago`
    default:
      return JSON.stringify(condition.value)
  }
}

function describeMoment(moment: Moment): string {
  if (typeof moment === 'string') return moment
  if (moment.kind === 'attribute') return moment.attribute
  const { amount, unit } = moment
  if (amount === 0) return 'now'
  return `${describeAmount({ amount: Math.abs(amount), unit })} ${amount < 0 ? 'before' : 'after'} now`
}

function describeAmount({ amount, unit }: { readonly amount: number; readonly unit: string }): string {
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`
}

function describeOptions(condition: Condition): string {
  const options = [
    ...('ignoreCase' in condition && condition.ignoreCase === true ? ['ignoring case'] : []),
    ...('multiline' in condition && condition.multiline === true ? ['line by line'] : []),
  ]
  return options.length === 0 ? '' : ` (${options.join(', ')})`
}
