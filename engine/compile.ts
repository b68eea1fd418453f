/** A published version → runnable lanes: everything a pass asks per record is compiled here, once. */
import type { ActionDefinition, Connector, Dialect, PublicSettings, Source } from '@sluice/connector-sdk'
import { actionOfType } from './action-of-type.ts'
import { whyDiscontinued } from './deprecation.ts'
import type {
  ActionDocument,
  ConnectionDocument,
  ConnectorDocument,
  SourceDocument,
  VersionDocuments,
} from './documents.ts'
import {
  type ActionTemplates,
  attributesOfTemplate,
  compileActionTemplates,
  writesAccessToken,
} from './mapping/action-templates.ts'
import { compileMapping, type MappingResult } from './mapping/compile.ts'
import { fixedValues } from './mapping/fixed-value.ts'
import type { DeliveryFacts, VersionMetadata } from './mapping/metadata.ts'
import { type MigrationProblem, migrateMappings } from './mapping/migrate.ts'
import { UnfitMappingsError } from './mapping/problem.ts'
import { stableUuid } from './mapping/stable-uuid.ts'
import type { AttributeColumn, Columns } from './reading/columns.ts'
import { columnNamed, orderColumns, type Position } from './reading/position.ts'
import type { ConditionBuilder } from './reading/statements.ts'
import { attributesOf, dependsOnNow } from './rules/conditions.ts'
import { compilePredicate, type Predicate } from './rules/predicate.ts'
import { compilePrefilter } from './rules/prefilter.ts'
import type { RescanSchedule } from './rules/rescan.ts'
import type { TemplateDeps } from './templates/template.ts'

/** One action on its source, as a version has it. */
export interface VersionLane {
  readonly versionNumber: number
  readonly source: SourceDocument
  /** Where the source is reached. */
  readonly connection: ConnectionDocument
  readonly dialect: Dialect
  readonly connector: ConnectorDocument
  readonly connectorDefinition: Connector
  /** Its mappings are those of the installed version of its type, whatever version they were published for. */
  readonly action: ActionDocument
  readonly actionDefinition: ActionDefinition
  readonly settings: PublicSettings
  /** The attributes to read, in the order of the batch's first columns. */
  readonly attributes: readonly string[]
  /** How many text columns after the attributes make a row's position. */
  readonly positionLength: number
  positionOf(columns: Columns, row: number): Position
  /** The meaning of the segment, as of a moment in epoch milliseconds. */
  matchesAt(now: number): Predicate
  /** SQL that passes at least every row that matches then. */
  prefilterAt(now: number): ConditionBuilder
  /** SQL that passes at least every row that does not match then. */
  exceptAt(now: number): ConditionBuilder
  /** When rows that did not change are asked again; null where time alone changes nothing. */
  readonly rescan: RescanSchedule | null
  /** Ready to run in one delivery, with what is the same for all of its records. */
  inDelivery(delivery: DeliveryFacts): CompiledLane
}

/** One action on its source, ready to run in one delivery. */
export interface CompiledLane extends Omit<VersionLane, 'inDelivery'> {
  /** As of the moment at which the delivery was planned: in a later pass the same row gets the same answer. */
  readonly matches: Predicate
  readonly prefilter: ConditionBuilder
  /** The outputs of the action's `prepare`. */
  readonly prepared: Readonly<Record<string, string>>
  /** What stands for the access token in what `map` makes; left out where no mapped template writes it. */
  readonly tokenSign?: string | undefined
  map(columns: Columns, row: number): MappingResult
}

/** The plugins a version needs. */
export interface Plugins {
  source(id: string): Source | undefined
  connector(id: string): Connector | undefined
}

/** Why a lane can't run now. It is kept, with its position, until it can. */
export class LaneNotRunnableError extends Error {
  override readonly name = 'LaneNotRunnableError'
  readonly code:
    | 'action_not_published'
    | 'plugin_missing'
    | 'connector_type_discontinued'
    | 'action_type_missing'
    | 'unfit_mappings'
    | 'unfit_templates'
    | 'action_not_prepared'
    | MigrationProblem['code']
  constructor(code: LaneNotRunnableError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Compiles one action of a version. */
export function compileLane(
  version: VersionDocuments,
  actionId: string,
  plugins: Plugins,
  deps: TemplateDeps,
): VersionLane {
  const published = version.actions.find(({ id }) => id === actionId)
  const source = version.sources.find(({ id }) => id === published?.dataSourceId)
  const connection = version.connections.find(({ id }) => id === source?.connectionId)
  const segment = version.segments.find(({ id }) => id === published?.segmentId)
  const connector = version.connectors.find(({ id }) => id === published?.connectorId)
  if (
    published === undefined ||
    source === undefined ||
    connection === undefined ||
    segment === undefined ||
    connector === undefined
  ) {
    throw new LaneNotRunnableError(
      'action_not_published',
      `Version ${version.number} does not contain the action.`,
    )
  }
  const sourceDefinition = plugins.source(connection.type)
  const connectorDefinition = plugins.connector(connector.type)
  if (sourceDefinition === undefined || connectorDefinition === undefined) {
    const missing = sourceDefinition === undefined ? connection.type : connector.type
    throw new LaneNotRunnableError(
      'plugin_missing',
      `The plugin "${missing}" is not installed or was refused.`,
    )
  }
  const discontinued = whyDiscontinued(connectorDefinition)
  if (discontinued !== null) {
    throw new LaneNotRunnableError(
      'connector_type_discontinued',
      `The connector "${connector.type}" no longer works: ${discontinued}`,
    )
  }
  const actionDefinition = actionOfType(connectorDefinition.actions, published.type)
  if (actionDefinition === undefined) {
    throw new LaneNotRunnableError(
      'action_type_missing',
      `The connector "${connector.type}" has no action "${published.type}" any more.`,
    )
  }
  const migrated = migrateMappings(actionDefinition, published.typeVersion, published.mappings)
  if (!migrated.ok) throw new LaneNotRunnableError(migrated.problem.code, migrated.problem.message)
  const action = { ...published, mappings: migrated.mappings, typeVersion: actionDefinition.version }

  const { dialect } = sourceDefinition
  const templates = templatesOf(action, source, deps)
  const attributes = attributesUsed(segment.conditions, action, templates)
  const columns = attributes.map((name) => columnNamed(source, name))
  const positionLength = orderColumns(source).length
  const positionOf = positionReader(attributes.length, positionLength)
  const mapFor = mappingOf(action, actionDefinition, columns, templates)
  const metadata: VersionMetadata = {
    'connector.id': connector.id,
    'connector.name': connector.name,
    'action.id': action.id,
    'action.name': action.name,
    'segment.id': segment.id,
    'segment.name': segment.name,
    'version.number': version.number,
  }
  const matchesAt = compilePredicate(segment.conditions, columns)
  const prefilterAt: VersionLane['prefilterAt'] = (now) => (firstParameter) =>
    compilePrefilter(segment.conditions, columns, dialect, { timeZone: source.timeZone, now, firstParameter })
  // A row is left out only where the SQL says exactly which ones match.
  const exceptAt: VersionLane['exceptAt'] = (now) => (firstParameter) => {
    const { isExact, parameters, sql } = compilePrefilter(segment.conditions, source.columns, dialect, {
      ...{ timeZone: source.timeZone, now, firstParameter },
    })
    return isExact ? { sql: `NOT COALESCE(${sql}, FALSE)`, parameters } : { sql: 'TRUE', parameters: [] }
  }
  const lane: Omit<VersionLane, 'inDelivery'> = {
    versionNumber: version.number,
    source,
    connection,
    dialect,
    connector,
    connectorDefinition,
    action,
    actionDefinition,
    settings: connector.settings,
    attributes,
    positionLength,
    positionOf,
    matchesAt,
    prefilterAt,
    exceptAt,
    rescan: dependsOnNow(segment.conditions) ? (segment.rescan ?? null) : null,
  }
  const writesToken = action.mappings.some(
    ({ from }) => from.kind === 'template' && writesAccessToken(templates, from.template),
  )
  return {
    ...lane,
    inDelivery: (delivery) => ({
      ...lane,
      matches: matchesAt(delivery.createdAt),
      prefilter: prefilterAt(delivery.createdAt),
      prepared: delivery.prepared,
      tokenSign: writesToken ? delivery.tokenSign : undefined,
      map: mapFor(fixedValues(metadata, delivery), {
        createdAt: delivery.createdAt,
        uuid: (rows, row, use, count) =>
          stableUuid(deps, delivery.id, JSON.stringify([positionOf(rows, row), use, count])),
        tokenSign: delivery.tokenSign,
      }),
    }),
  }
}

/** An upgrade of Sluice may take no longer what was published: then the lane waits to be published anew. */
function templatesOf(
  { templates, templateVariables }: ActionDocument,
  { columns }: SourceDocument,
  deps: TemplateDeps,
): ActionTemplates {
  const compiled = compileActionTemplates({ templates, templateVariables, columns, deps })
  if (compiled.ok) return compiled.templates
  const places = compiled.problems.map(
    ({ template, line, column, message }) => `${template}, line ${line}, column ${column}: ${message}`,
  )
  throw new LaneNotRunnableError('unfit_templates', places.join(' '))
}

/** An upgrade of the plugin may have taken away what was mapped: then the lane waits to be published anew. */
function mappingOf(
  { mappings }: ActionDocument,
  { parameters, prepare }: ActionDefinition,
  columns: readonly AttributeColumn[],
  templates: ActionTemplates,
): ReturnType<typeof compileMapping> {
  try {
    return compileMapping(mappings, { parameters, outputs: prepare?.outputs ?? [], templates }, columns)
  } catch (error) {
    if (!(error instanceof UnfitMappingsError)) throw error
    throw new LaneNotRunnableError(error.code, error.message)
  }
}

function attributesUsed(
  conditions: VersionDocuments['segments'][number]['conditions'],
  action: ActionDocument,
  templates: ActionTemplates,
): readonly string[] {
  const inMappings = action.mappings.flatMap(({ from }) => {
    if (from.kind === 'attribute') return [from.attribute]
    return from.kind === 'template' ? attributesOfTemplate(templates, from.template) : []
  })
  return [...new Set([...attributesOf(conditions), ...inMappings])]
}

/** A list literal takes no more room than it needs; one that grows takes room for seventeen. */
function positionReader(first: number, length: number): VersionLane['positionOf'] {
  const text = (columns: Columns, column: number, row: number) => {
    const value = columns[column]?.[row]
    return typeof value === 'string' ? value : String(value)
  }
  const isPair = length === 2
  const second = first + 1
  const rest = Array.from({ length }, (_, index) => first + index)
  return (columns, row) =>
    isPair
      ? [text(columns, first, row), text(columns, second, row)]
      : rest.map((column) => text(columns, column, row))
}
