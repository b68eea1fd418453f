/** Reads an action as someone wants it: which connector, source and segment go together, and its mappings. */
import type { ActionDefinition } from '@sluice/connector-sdk'
import { actionOfType } from '../../engine/action-of-type.ts'
import type { MappableTemplate } from '../../engine/mapping/action-templates.ts'
import { checkMappingsTo } from '../../engine/mapping/check.ts'
import { type Mappings, mappingsSchema } from '../../engine/mapping/mapping.ts'
import { type Parameter, readParameters } from '../../engine/mapping/parameters.ts'
import type { AttributeColumn } from '../../engine/reading/columns.ts'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import { templateIssues } from '../templates/check.ts'
import { isStorableJson } from '../workspaces/json.ts'
import { stepsOf } from '../workspaces/rules.ts'
import { type ActionDraft, rangesSchema } from './rules.ts'

/** What the draft's ids name in its workspace; undefined where they name nothing. */
export interface ActionParts {
  readonly connector: { readonly name: string; readonly type: string } | undefined
  /** The actions of the connector's type; undefined when its package cannot be used. */
  readonly definitions: Readonly<Record<string, ActionDefinition>> | undefined
  readonly source:
    | {
        readonly name: string
        /** Undefined: they are not known yet. */
        readonly columns: readonly AttributeColumn[] | undefined
      }
    | undefined
  readonly segment: { readonly name: string; readonly dataSourceIds: readonly string[] } | undefined
}

/** Reads the parameters of an operation, or has them read already. */
export type ParametersOf = (definition: ActionDefinition) => ReadonlyMap<string, Parameter>

export type ActionReading =
  | { readonly ok: true; readonly mappings: Mappings; readonly typeVersion: number }
  | { readonly ok: false; readonly issues: readonly Issue[] }

export function readAction(
  draft: ActionDraft,
  parts: ActionParts,
  parametersOf: ParametersOf = ({ parameters }) => readParameters(parameters),
): ActionReading {
  const mappings = mappingsSchema.safeParse(draft.mappings)
  const definition = definitionOf(parts, draft.type)
  const issues = [
    ...issuesOf(rangesSchema.safeParse(draft).error?.issues ?? []),
    ...missingParts(parts),
    ...linkIssues(draft, parts),
    ...typeIssues(draft, parts),
    ...issuesOf(mappings.error?.issues ?? [], ['mappings']),
    ...(mappings.success
      ? mappingIssues(mappings.data, definition, parts.source?.columns, draft.templates, parametersOf)
      : []),
    ...templateIssues(draft, parts.source?.columns),
  ]
  return mappings.success && definition !== undefined && issues.length === 0
    ? { ok: true, mappings: mappings.data, typeVersion: definition.version }
    : { ok: false, issues }
}

export function definitionOf(
  { definitions }: Pick<ActionParts, 'definitions'>,
  type: string,
): ActionDefinition | undefined {
  return definitions === undefined ? undefined : actionOfType(definitions, type)
}

function missingParts({ connector, source, segment }: ActionParts): readonly Issue[] {
  const missing = (field: string, what: string): Issue => ({
    path: [field],
    code: `unknown_${what.replace(' ', '_')}`,
    message: `There is no ${what} with this id in the workspace.`,
  })
  return [
    ...(connector === undefined ? [missing('connectorId', 'connector')] : []),
    ...(source === undefined ? [missing('dataSourceId', 'data source')] : []),
    ...(segment === undefined ? [missing('segmentId', 'segment')] : []),
  ]
}

export function linkIssues(
  { dataSourceId }: Pick<ActionDraft, 'dataSourceId'>,
  { source, segment }: Pick<ActionParts, 'source' | 'segment'>,
): readonly Issue[] {
  if (source === undefined || segment === undefined || segment.dataSourceIds.includes(dataSourceId)) return []
  const message = `The segment "${segment.name}" has no conditions for the data source "${source.name}". Add the data source to the segment, or choose another.`
  return [{ path: ['segmentId'], code: 'segment_without_source', message }]
}

export function typeIssues(
  { type }: Pick<ActionDraft, 'type'>,
  { connector, definitions }: Pick<ActionParts, 'connector' | 'definitions'>,
): readonly Issue[] {
  if (connector === undefined) return []
  if (definitions === undefined) {
    const message = `The connector "${connector.name}" is of type "${connector.type}", whose package is not installed or cannot be used. The marketplace tells why.`
    return [{ path: ['connectorId'], code: 'connector_type_missing', message }]
  }
  if (Object.hasOwn(definitions, type)) return []
  const message = `The connector type "${connector.type}" has no action "${type}". ${suggestion(type, Object.keys(definitions))}`
  return [{ path: ['type'], code: 'unknown_action_type', message }]
}

export function mappingIssues(
  mappings: Mappings,
  definition: ActionDefinition | undefined,
  columns: readonly AttributeColumn[] | undefined,
  templates: readonly MappableTemplate[],
  parametersOf: ParametersOf = ({ parameters }) => readParameters(parameters),
): readonly Issue[] {
  if (!isStorableJson(mappings)) {
    const message = 'Remove the NUL characters and broken surrogate pairs from the mappings.'
    return [{ path: ['mappings'], code: 'invalid_text', message }]
  }
  if (definition === undefined || columns === undefined) return []
  const outputs = definition.prepare?.outputs ?? []
  return checkMappingsTo(parametersOf(definition), mappings, { columns, outputs, templates }).map(
    ({ path, code, message }) => ({ path: stepsOf(path), code, message }),
  )
}
