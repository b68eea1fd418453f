/** Whether names can be those of variables, beside one another and beside the helpers. */
import { accessToken } from './access-token.ts'
import { helpers } from './helpers.ts'
import type { TemplateVariable } from './template.ts'
import { groupVariables, type VariableProblem } from './variables.ts'

export function checkVariables(variables: readonly TemplateVariable[]): readonly VariableProblem[] {
  const shadowed = variables.filter(({ name }) => helpers.has(name.split('.', 1)[0] ?? ''))
  const reserved = variables.filter(
    ({ name, type }) => name === accessToken.name && type !== accessToken.type,
  )
  return [
    ...groupVariables(variables).problems,
    ...shadowed.map(({ name }): VariableProblem => {
      const message = `"${name}" is the name of a helper, which would be used instead: rename the variable.`
      return { code: 'bad_variable', message }
    }),
    ...reserved.map(({ name }): VariableProblem => {
      const message = `"${name}" stands for the access token of the connector: rename the variable.`
      return { code: 'bad_variable', message }
    }),
  ]
}
