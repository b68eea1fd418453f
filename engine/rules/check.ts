/** Whether conditions make sense for the columns of a data source; all problems at once. */
import type { AttributeType } from '@sluice/connector-sdk'
import type { AttributeColumn } from '../reading/columns.ts'
import type { Condition } from './condition.ts'
import { type Conditions, otherAttribute } from './conditions.ts'
import { suggestion } from './nearest-name.ts'
import { fitsType, operatorsFor } from './operators.ts'
import { typeNames } from './type-names.ts'

export interface ConditionProblem {
  /** Where it is, for example `any[0].all[1].operator` or `exclude[0].all[0].value`. */
  readonly path: string
  readonly code: 'unknown_attribute' | 'operator_does_not_fit' | 'value_does_not_fit' | 'option_does_not_fit'
  readonly message: string
}

/** Conditions that were compiled although they don't fit the columns. Publishing checks this. */
export class UnfitConditionsError extends Error {
  override readonly name = 'UnfitConditionsError'
  readonly code = 'unfit_conditions'
  readonly problems: readonly ConditionProblem[]
  constructor(problems: readonly ConditionProblem[]) {
    super(problems.map(({ path, message }) => `${path}: ${message}`).join(' '))
    this.problems = problems
  }
}

export function checkConditions(
  conditions: Conditions,
  columns: readonly AttributeColumn[],
): readonly ConditionProblem[] {
  return (['any', 'exclude'] as const).flatMap((part) =>
    (conditions[part] ?? []).flatMap(({ all }, group) =>
      all.flatMap((condition, index) =>
        checkCondition(condition, `${part}[${group}].all[${index}]`, columns),
      ),
    ),
  )
}

export function assertConditionsFit(conditions: Conditions, columns: readonly AttributeColumn[]): void {
  const problems = checkConditions(conditions, columns)
  if (problems.length > 0) throw new UnfitConditionsError(problems)
}

function checkCondition(
  condition: Condition,
  path: string,
  columns: readonly AttributeColumn[],
): readonly ConditionProblem[] {
  const { attribute, operator } = condition
  const column = columns.find(({ name }) => name === attribute)
  if (column === undefined) return [unknownAttribute(attribute, `${path}.attribute`, columns)]
  if (!fitsType(operator, column.type)) {
    const fitting = operatorsFor(column.type).join(', ')
    const message = `"${operator}" does not work on "${attribute}", which is ${typeNames[column.type]}. Use one of ${fitting}.`
    return [{ path: `${path}.operator`, code: 'operator_does_not_fit', message }]
  }
  return [
    ...valueProblems(condition, column, path),
    ...optionProblems(condition, path),
    ...otherProblems(condition, path, columns),
  ]
}

/** What the values of an array, or a value itself, are compared with. */
const comparedAs = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  stringArray: 'string',
  numberArray: 'number',
  booleanArray: 'boolean',
} as const satisfies Record<AttributeType, AttributeType>

function valueProblems(
  condition: Condition,
  { name, type }: AttributeColumn,
  path: string,
): readonly ConditionProblem[] {
  const isOfAnyType = ['equals', 'notEquals', 'containsItem', 'notContainsItem'].includes(condition.operator)
  const wanted = comparedAs[type]
  if (!isOfAnyType || !('value' in condition) || typeof condition.value === wanted) return []
  const message = `"${name}" is ${typeNames[type]}: compare it with ${typeNames[wanted]}.`
  return [{ path: `${path}.value`, code: 'value_does_not_fit', message }]
}

function optionProblems(condition: Condition, path: string): readonly ConditionProblem[] {
  const isOnText = !('value' in condition) || typeof condition.value === 'string'
  if (isOnText || !('ignoreCase' in condition)) return []
  const message = 'Only texts have capitals and small letters: leave out ignoreCase.'
  return [{ path: `${path}.ignoreCase`, code: 'option_does_not_fit', message }]
}

function otherProblems(
  condition: Condition,
  path: string,
  columns: readonly AttributeColumn[],
): readonly ConditionProblem[] {
  const other = otherAttribute(condition)
  if (other === undefined) return []
  const at = `${path}.value.attribute`
  const column = columns.find(({ name }) => name === other)
  if (column === undefined) return [unknownAttribute(other, at, columns)]
  if (column.type === 'date') return []
  const message = `"${other}" is ${typeNames[column.type]}: a date is compared with another date.`
  return [{ path: at, code: 'value_does_not_fit', message }]
}

function unknownAttribute(
  attribute: string,
  path: string,
  columns: readonly AttributeColumn[],
): ConditionProblem {
  const names = columns.map(({ name }) => name)
  const message = `The data source has no column "${attribute}". ${suggestion(attribute, names)}`
  return { path, code: 'unknown_attribute', message }
}
