/** The variables of a template by name; those with dots are groups in groups. */
import type { TemplateVariable } from './template.ts'
import { nameOfType, typeOfVariable, type Variable, type VariableGroup } from './values.ts'

export interface VariableProblem {
  readonly code: 'bad_variable'
  readonly message: string
}

interface MutableGroup {
  readonly variables: Map<string, Variable>
  readonly groups: Map<string, MutableGroup>
  hasLists: boolean
}

/** What can be written in a tag as one part of a path. */
const part = /^[^\s."'=[\],{}()#^/!>&+<$][^\s."'=[\],{}()]*$/u
const reserved = new Set(['this', 'true', 'false'])

/** @param onRead told of the place of each variable that something compiled with the groups will read */
export function groupVariables(
  variables: readonly TemplateVariable[],
  onRead: (slot: number) => void = () => {},
): {
  readonly root: VariableGroup
  readonly problems: readonly VariableProblem[]
} {
  const root = createGroup()
  const problems: VariableProblem[] = []
  const problem = (message: string) => problems.push({ code: 'bad_variable', message })
  for (const [slot, { name, type }] of variables.entries()) {
    const parts = name.split('.')
    if (!parts.every((each) => part.test(each) && !reserved.has(each)) || /^[+-]?\d/.test(name)) {
      problem(
        `"${name}" cannot name a variable: use letters, digits, "_" and "-", and dots between the parts.`,
      )
      continue
    }
    const last = parts.pop() ?? ''
    let group = root
    for (const each of parts) {
      const inner = group.groups.get(each) ?? createGroup()
      group.groups.set(each, inner)
      group = inner
    }
    if (group.variables.has(last)) problem(`There are two variables "${name}": rename one.`)
    const variable: Variable = {
      name,
      type: typeOfVariable(type),
      // What asks for the slot reads it while rendering.
      get slot() {
        onRead(slot)
        return slot
      },
    }
    group.variables.set(last, variable)
    if (variable.type.kind === 'list') group.hasLists = true
  }
  for (const clash of clashesIn(root)) {
    problem(`"${clash.name}" is ${nameOfType(clash.type)} and also the beginning of other names: rename one.`)
  }
  return { root, problems }
}

function createGroup(): MutableGroup {
  return { variables: new Map(), groups: new Map(), hasLists: false }
}

function clashesIn(group: VariableGroup): readonly Variable[] {
  return [...group.groups].flatMap(([name, inner]) => {
    const clash = group.variables.get(name)
    return [...(clash === undefined ? [] : [clash]), ...clashesIn(inner)]
  })
}
