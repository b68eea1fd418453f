/** What in a working copy cannot run, as far as plugins and stored columns tell. */
import type { ActionDocument, ConnectorDocument, SegmentDocument } from '../../engine/documents.ts'
import { dependsOnNow } from '../../engine/rules/conditions.ts'
import { authOf, makesToken } from '../../engine/sending/auth-of.ts'
import { definitionOf, linkIssues, mappingIssues, typeIssues } from '../actions/read-action.ts'
import { migrationIssues, savedMappings } from '../actions/saved-mappings.ts'
import type { Issue } from '../problems/rules.ts'
import type { Registry } from '../registry/registry.ts'
import { conditionIssues } from '../segments/read-segment.ts'
import { templateIssues, tokenIssues } from '../templates/check.ts'
import { readSettings } from '../workspaces/plugin-settings.ts'
import type { Secrets } from '../workspaces/secrets.ts'
import { type PublishProblem, problemsAt } from './rules.ts'
import type { WorkingCopy } from './working-copy.ts'

interface Deps {
  readonly registry: Registry
  secretsOf(connectorId: string): Secrets
}

/** Plugins are asked of what would run only: an inactive draft must not stand in the way of the rest. */
export function configurationProblems(deps: Deps, copy: WorkingCopy): readonly PublishProblem[] {
  const { segments, connectors, actions } = copy.documents
  const used = new Set(actions.filter(({ isEnabled }) => isEnabled).map(({ segmentId }) => segmentId))
  return [
    ...copy.problems,
    ...segments.flatMap(({ id, conditions }) =>
      problemsAt('Segment', id, conditionIssues(conditions, sourcesOf(copy, id))),
    ),
    ...segments
      .filter(({ id }) => used.has(id))
      .flatMap((segment) => problemsAt('Segment', segment.id, rescanIssues(segment))),
    ...connectors
      .filter(({ isEnabled }) => isEnabled)
      .flatMap((connector) => problemsAt('Connector', connector.id, connectorIssues(deps, connector))),
    ...actions.flatMap((action) => problemsAt('Action', action.id, actionIssues(deps, copy, action))),
  ]
}

function sourcesOf({ documents, sourcesOfSegments }: WorkingCopy, segmentId: string) {
  const ids = sourcesOfSegments.get(segmentId) ?? []
  return documents.sources.filter(({ id }) => ids.includes(id))
}

function rescanIssues({ conditions, name, rescan }: SegmentDocument): readonly Issue[] {
  if (!dependsOnNow(conditions) || rescan !== undefined) return []
  const message = `The conditions of the segment "${name}" depend on what is now. Say when rows that did not change are asked again.`
  return [{ path: ['rescan'], code: 'rescan_missing', message }]
}

function connectorIssues({ registry, secretsOf }: Deps, connector: ConnectorDocument): readonly Issue[] {
  const installed = registry.connector(connector.type)
  if (installed === undefined) {
    const message = `The connector "${connector.name}" is of type "${connector.type}", whose package is not installed or cannot be used. Install it, or deactivate the connector.`
    return [{ path: ['type'], code: 'connector_type_missing', message }]
  }
  const read = readSettings(installed.definition.settings, connector.settings, secretsOf(connector.id))
  return read.ok ? [] : read.issues
}

function actionIssues({ registry }: Deps, copy: WorkingCopy, action: ActionDocument): readonly Issue[] {
  const { sources, segments, connectors } = copy.documents
  const source = sources.find(({ id }) => id === action.dataSourceId)
  const segment = segments.find(({ id }) => id === action.segmentId)
  const connector = connectors.find(({ id }) => id === action.connectorId)
  const parts = {
    connector,
    definitions: connector && registry.connector(connector.type)?.definition.actions,
    source,
    segment: segment && { name: segment.name, dataSourceIds: copy.sourcesOfSegments.get(segment.id) ?? [] },
  }
  const definition = definitionOf(parts, action.type)
  const saved = savedMappings(definition, action)
  return [
    ...linkIssues(action, parts),
    ...migrationIssues(saved),
    ...(saved.ok ? mappingIssues(saved.mappings, definition, source?.columns, action.templates) : []),
    ...templateIssues(action, source?.columns),
    ...(source === undefined || hasToken(registry, connector) ? [] : tokenIssues(action, source.columns)),
    ...(action.isEnabled ? [...typeIssues(action, parts), ...switchIssues(connector)] : []),
  ]
}

/** Whether the connector makes one, as far as can be told: problems of its own are said beside. */
function hasToken(registry: Registry, connector: ConnectorDocument | undefined): boolean {
  if (connector === undefined) return true
  const definition = registry.connector(connector.type)?.definition
  if (definition === undefined) return true
  try {
    return makesToken(authOf({ definition, settings: connector.settings }))
  } catch (error) {
    if (error instanceof Error) return true
    throw error
  }
}

function switchIssues(connector: ConnectorDocument | undefined): readonly Issue[] {
  if (connector === undefined || connector.isEnabled) return []
  const message = `The action is active, its connector "${connector.name}" is not. Activate the connector, or deactivate the action.`
  return [{ path: ['connectorId'], code: 'connector_not_active', message }]
}
