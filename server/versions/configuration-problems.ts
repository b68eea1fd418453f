/** What in a working copy cannot run, as far as plugins and stored columns tell. */

import { whyDiscontinued } from '../../engine/deprecation.ts'
import type {
  ActionDocument,
  ConnectorDocument,
  SegmentDocument,
  SourceDocument,
} from '../../engine/documents.ts'
import { recordVariables } from '../../engine/mapping/action-templates.ts'
import { readParameters } from '../../engine/mapping/parameters.ts'
import { dependsOnNow } from '../../engine/rules/conditions.ts'
import { authOf, makesToken } from '../../engine/sending/auth-of.ts'
import { type ParametersOf, typeIssues } from '../actions/read-action.ts'
import { savedActionIssues } from '../actions/saved-action-issues.ts'
import type { Issue } from '../problems/rules.ts'
import type { Registry } from '../registry/registry.ts'
import { conditionIssues } from '../segments/read-segment.ts'
import { tokenIssues, type VariablesOf } from '../templates/check.ts'
import { readSettings } from '../workspaces/plugin-settings.ts'
import type { Secrets } from '../workspaces/secrets.ts'
import { referenceProblems } from './references.ts'
import { type Documents, type PublishProblem, problemsAt } from './rules.ts'
import { sourcesOfSegments } from './segment-sources.ts'
import type { WorkingCopy } from './working-copy.ts'

interface Deps {
  readonly registry: Registry
  secretsOf(connectorId: string): Secrets
}

/** Everything by its id: an action finds its parts without a search. */
interface Index {
  readonly sources: ReadonlyMap<string, SourceDocument>
  readonly segments: ReadonlyMap<string, SegmentDocument>
  readonly connectors: ReadonlyMap<string, ConnectorDocument>
  readonly sourcesOfSegments: ReadonlyMap<string, readonly string[]>
  readonly parametersOf: ParametersOf
  readonly variablesOf: VariablesOf
}

/** Plugins are asked of what would run only: an inactive draft must not stand in the way of the rest. */
export function configurationProblems(deps: Deps, copy: WorkingCopy): readonly PublishProblem[] {
  const { segments, connectors, actions } = copy.documents
  const used = new Set(actions.filter(({ isEnabled }) => isEnabled).map(({ segmentId }) => segmentId))
  const index = indexOf(copy.documents)
  return [
    ...copy.problems,
    ...referenceProblems(copy.documents),
    ...segments.flatMap(({ id, conditions }) =>
      problemsAt('Segment', id, conditionIssues(conditions, sourcesOf(index, id))),
    ),
    ...segments
      .filter(({ id }) => used.has(id))
      .flatMap((segment) => problemsAt('Segment', segment.id, rescanIssues(segment))),
    ...connectors
      .filter(({ isEnabled }) => isEnabled)
      .flatMap((connector) => problemsAt('Connector', connector.id, connectorIssues(deps, connector))),
    ...actions.flatMap((action) => problemsAt('Action', action.id, actionIssues(deps, index, action))),
  ]
}

function indexOf(documents: Documents): Index {
  const { sources, segments, connectors } = documents
  return {
    sources: new Map(sources.map((source) => [source.id, source])),
    segments: new Map(segments.map((segment) => [segment.id, segment])),
    connectors: new Map(connectors.map((connector) => [connector.id, connector])),
    sourcesOfSegments: sourcesOfSegments(documents),
    parametersOf: once(({ parameters }) => readParameters(parameters)),
    variablesOf: variablesOnce(),
  }
}

/** Actions of one type have the same parameters. */
function once<Key extends object, Value>(read: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    const value = known.get(key) ?? read(key)
    known.set(key, value)
    return value
  }
}

/** Actions on one source have the same variables, unless they give names of their own. */
function variablesOnce(): VariablesOf {
  const ofColumns = once((columns: Parameters<VariablesOf>[1]) => recordVariables([], columns))
  return (given, columns) => (given.length === 0 ? ofColumns(columns) : recordVariables(given, columns))
}

function sourcesOf(index: Index, segmentId: string): readonly SourceDocument[] {
  const ids = index.sourcesOfSegments.get(segmentId) ?? []
  return ids.flatMap((id) => index.sources.get(id) ?? [])
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
  const discontinued = whyDiscontinued(installed.definition)
  if (discontinued !== null) {
    const message = `The connector "${connector.name}" is of type "${connector.type}", which no longer works: ${discontinued} Deactivate the connector, and what sends through it.`
    return [{ path: ['type'], code: 'connector_type_discontinued', message }]
  }
  const read = readSettings(installed.definition.settings, connector.settings, secretsOf(connector.id))
  return read.ok ? [] : read.issues
}

function actionIssues({ registry }: Deps, index: Index, action: ActionDocument): readonly Issue[] {
  const source = index.sources.get(action.dataSourceId)
  const segment = index.segments.get(action.segmentId)
  const connector = index.connectors.get(action.connectorId)
  const parts = {
    connector,
    definitions: connector && registry.connector(connector.type)?.definition.actions,
    source,
    segment: segment && {
      name: segment.name,
      dataSourceIds: index.sourcesOfSegments.get(segment.id) ?? [],
    },
  }
  // Under a connector that is off nothing runs, and its actions keep their own switches.
  const wouldRun = action.isEnabled && connector?.isEnabled === true
  return [
    ...savedActionIssues(action, parts, index),
    ...(source === undefined || hasToken(registry, connector) ? [] : tokenIssues(action, source.columns)),
    ...(wouldRun ? typeIssues(action, parts) : []),
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
