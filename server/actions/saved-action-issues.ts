/** What keeps an action, as it is saved, from being published. */
import type { TemplateDocument } from '../../engine/documents.ts'
import type { NamedAttribute } from '../../engine/mapping/action-templates.ts'
import type { Issue } from '../problems/rules.ts'
import { templateIssues, type VariablesOf } from '../templates/check.ts'
import {
  type ActionParts,
  definitionOf,
  linkIssues,
  mappingIssues,
  type ParametersOf,
} from './read-action.ts'
import { migrationIssues, savedMappings } from './saved-mappings.ts'

export interface SavedAction {
  readonly dataSourceId: string
  readonly type: string
  readonly typeVersion: number
  readonly mappings: unknown
  readonly templates: readonly TemplateDocument[]
  readonly templateVariables: readonly NamedAttribute[]
}

/** Of many actions that have something in common, it need not be read for each. */
interface Readers {
  readonly parametersOf?: ParametersOf
  readonly variablesOf?: VariablesOf
}

export function savedActionIssues(
  action: SavedAction,
  parts: ActionParts,
  { parametersOf, variablesOf }: Readers = {},
): readonly Issue[] {
  const { source } = parts
  const definition = definitionOf(parts, action.type)
  const saved = savedMappings(definition, action)
  return [
    ...linkIssues(action, parts),
    ...migrationIssues(saved),
    ...(saved.ok
      ? mappingIssues(saved.mappings, definition, source?.columns, action.templates, parametersOf)
      : []),
    ...templateIssues(action, source?.columns, variablesOf),
  ]
}
