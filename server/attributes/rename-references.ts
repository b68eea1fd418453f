/** Everything of a configuration that names an attribute names it anew, and means the same as before. */
import type { AttributedColumn } from '../../engine/documents.ts'
import type { NamedAttribute } from '../../engine/mapping/action-templates.ts'
import { nameInSource } from '../../engine/reading/columns.ts'
import { isRecord } from '../workspaces/json.ts'

export interface Renaming {
  readonly from: string
  readonly to: string
}

/** The columns of a source; the column keeps its own name. */
export function renamedColumns(
  columns: readonly AttributedColumn[],
  { from, to }: Renaming,
): readonly AttributedColumn[] {
  return columns.map((each) => {
    if (each.name !== from) return each
    const { name: _name, column: _column, ...rest } = each
    const own = nameInSource(each)
    return { name: to, ...(own === to ? {} : { column: own }), ...rest }
  })
}

/** Conditions and mappings: whatever stands in a field `attribute` is an attribute's name. */
export function renamedReferences(value: unknown, renaming: Renaming): unknown {
  const { from, to } = renaming
  if (Array.isArray(value)) return value.map((each) => renamedReferences(each, renaming))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) =>
      name === 'attribute' && each === from ? [name, to] : [name, renamedReferences(each, renaming)],
    ),
  )
}

/**
 * Texts of templates stay: where one calls the attribute by its own name, that becomes the name of a variable. A
 * variable that has got the name of its attribute says nothing any more.
 */
export function renamedVariables(
  variables: readonly NamedAttribute[],
  { from, to }: Renaming,
  isCalledByName: boolean,
): readonly NamedAttribute[] {
  const renamed = variables.flatMap(({ name, attribute }): NamedAttribute[] => {
    if (attribute !== from) return [{ name, attribute }]
    return name === to ? [] : [{ name, attribute: to }]
  })
  return isCalledByName ? [...renamed, { name: from, attribute: to }] : renamed
}
