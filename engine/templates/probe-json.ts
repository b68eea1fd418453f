/** Whether a template that must be JSON ever is: told from a few records that are made up. */
import type { TemplateProblem } from './problem.ts'
import type { CompiledTemplate } from './renderer.ts'
import type { TemplateValue, TemplateVariable, VariableType } from './template.ts'

const moment = { now: 0, uuid: () => '00000000-0000-4000-8000-000000000000' }

/**
 * A warning when no made-up record gives JSON, else nothing: a value can bring the very bracket that is missing,
 * so that only a template without any tags is an error.
 */
export function probeJson(
  template: CompiledTemplate,
  variables: readonly TemplateVariable[],
): readonly TemplateProblem[] {
  if (template.format !== 'json') return []
  const results = [2, 1, 0].map((size) =>
    template.render(
      variables.map(({ type }) => sample(type, size)),
      moment,
    ),
  )
  const [first] = results
  if (first === undefined || first.ok || results.some((result) => result.ok && result.text !== '')) return []
  const { code, message, ...place } = first.failure
  if (code !== 'not_json') return []
  return [{ ...place, code, severity: template.isConstant ? 'error' : 'warning', message }]
}

/** A text is a digit, which is JSON within quotes and without. With the size 0 all is missing or false. */
function sample(type: VariableType, size: number): TemplateValue {
  switch (type) {
    case 'string':
      return size === 0 ? null : '1'
    case 'accessToken':
      return '1'
    case 'number':
      return size === 0 ? null : 1
    case 'boolean':
      return size > 0
    case 'date':
      return size === 0 ? null : new Date(0)
    case 'stringArray':
      return Array.from({ length: size }, () => '1')
    case 'numberArray':
      return Array.from({ length: size }, () => 1)
    case 'booleanArray':
      return Array.from({ length: size }, () => true)
    case 'tally':
      return new Map(Array.from({ length: size }, (_, index) => [`t${index}`, 1]))
  }
}
