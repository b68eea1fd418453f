/** The parameters of an action as people see them: each with what is mapped to it. */
import type { Connector } from '@sluice/connector-sdk'
import { actionOfType } from '../../engine/action-of-type.ts'
import { type Mapping, mappingsSchema } from '../../engine/mapping/mapping.ts'
import { readParameters } from '../../engine/mapping/parameters.ts'
import { savedMappings } from './saved-mappings.ts'

export interface FilledPlace {
  readonly key: string | null
  readonly from: Mapping['from']
}

export interface ActionParameter {
  readonly name: string
  readonly title: string
  readonly group: string | null
  readonly isRequired: boolean
  /** Whether the installed type has it. */
  readonly isKnown: boolean
  readonly filledBy: readonly FilledPlace[]
}

interface StoredAction {
  readonly type: string
  readonly typeVersion: number
  readonly mappings: unknown
}

/** `connector` is the definition of its connector's type; undefined where it is not installed. */
export function parametersOf(
  action: StoredAction,
  connector: Pick<Connector, 'actions'> | undefined,
): readonly ActionParameter[] {
  const definition = connector && actionOfType(connector.actions, action.type)
  const saved = savedMappings(definition, action)
  const mappings = saved.ok ? saved.mappings : mappingsSchema.parse(action.mappings)
  const known = definition === undefined ? [] : [...readParameters(definition.parameters).values()]
  const filledBy = (name: string) =>
    mappings
      .filter(({ parameter }) => parameter === name)
      .map(({ from, key }): FilledPlace => ({ key: key ?? null, from }))
  const others = new Set(mappings.map(({ parameter }) => parameter))
  for (const { name } of known) others.delete(name)
  return [
    ...known.map(({ name, title, group = null, isRequired }) => ({
      ...{ name, title, group, isRequired },
      isKnown: true,
      filledBy: filledBy(name),
    })),
    ...[...others].map((name) => ({
      ...{ name, title: name, group: null },
      isRequired: false,
      isKnown: false,
      filledBy: filledBy(name),
    })),
  ]
}
