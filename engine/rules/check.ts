/** Whether conditions make sense for the columns of a data source; all problems at once. */
import type { AttributeColumn } from '../reading/columns.ts'
import type { Condition, Conditions } from './conditions.ts'
import { suggestion } from './nearest-name.ts'
import { fitsType, operatorsFor } from './operators.ts'
import { typeNames } from './type-names.ts'

export interface ConditionProblem {
  /** Where it is, for example `any[0].all[1].operator`. */
  readonly path: string
  readonly code: 'unknown_attribute' | 'operator_does_not_fit' | 'value_does_not_fit'
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
  return conditions.any.flatMap(({ all }, group) =>
    all.flatMap((condition, index) => checkCondition(condition, `any[${group}].all[${index}]`, columns)),
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
  if (column === undefined) {
    const names = columns.map(({ name }) => name)
    const message = `The data source has no column "${attribute}". ${suggestion(attribute, names)}`
    return [{ path: `${path}.attribute`, code: 'unknown_attribute', message }]
  }
  if (!fitsType(operator, column.type)) {
    const fitting = operatorsFor(column.type).join(', ')
    const message = `"${operator}" does not work on "${attribute}", which is ${typeNames[column.type]}. Use one of ${fitting}.`
    return [{ path: `${path}.operator`, code: 'operator_does_not_fit', message }]
  }
  if ((operator === 'equals' || operator === 'notEquals') && typeof condition.value !== column.type) {
    const message = `"${attribute}" is ${typeNames[column.type]}: compare it with ${typeNames[column.type]}.`
    return [{ path: `${path}.value`, code: 'value_does_not_fit', message }]
  }
  return []
}
