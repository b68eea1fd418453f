/** What a configuration has, as entries of a document: complete, and by the ids that the workspace knows them by. */
import type { ActionDocument, SourceDocument } from '../../engine/documents.ts'
import { nameInSource } from '../../engine/reading/columns.ts'
import { shownMappings } from '../actions/saved-mappings.ts'
import type { Registry } from '../registry/registry.ts'
import { columnsByName } from '../sources/columns-by-name.ts'
import { storedTemplate } from '../templates/rules.ts'
import type { Documents } from '../versions/rules.ts'
import type {
  ActionEntry,
  AttributeEntry,
  ConnectionEntry,
  ConnectorEntry,
  DataSourceEntry,
  LabelEntry,
  SegmentEntry,
} from './document.ts'
import type { Beside } from './read-present.ts'
import { proposedVariables, type SecretReference } from './secret-variables.ts'

/** Labels and attributes by their names. */
export interface Entries {
  readonly labels: ReadonlyMap<string, LabelEntry>
  readonly attributes: ReadonlyMap<string, AttributeEntry>
  readonly connections: ReadonlyMap<string, ConnectionEntry>
  readonly dataSources: ReadonlyMap<string, DataSourceEntry>
  readonly segments: ReadonlyMap<string, SegmentEntry>
  readonly connectors: ReadonlyMap<string, ConnectorEntry>
  readonly actions: ReadonlyMap<string, ActionEntry>
}

interface Options {
  readonly registry: Registry
  /** What something is called in references to it, where that is not its name. */
  readonly renamed?: ReadonlyMap<string, string>
}

export function entriesOf(documents: Documents, beside: Beside, options: Options): Entries {
  const { connections, sources, segments, connectors, actions } = documents
  const { registry, renamed = new Map<string, string>() } = options
  const names = new Map(
    [...connections, ...sources, ...segments, ...connectors].map(({ id, name }) => [id, name]),
  )
  const nameOf = (id: string) => renamed.get(id) ?? names.get(id) ?? ''
  const typeOf = new Map(connectors.map(({ id, type }) => [id, type]))
  const references = secretReferences(documents, beside)
  const labelled = (id: string) => ({
    notes: beside.notes.get(id) ?? '',
    labels: [...(beside.labelsOf.get(id) ?? [])],
  })
  return {
    labels: new Map(beside.labels.map((label) => [label.name, label])),
    attributes: attributesToTell(documents, beside),
    connections: new Map(
      connections.map(({ id, name, type, settings }) => [
        id,
        { name, type, settings: { ...settings, ...references.get(id) } },
      ]),
    ),
    dataSources: new Map(sources.map((source) => [source.id, dataSourceEntry(source, nameOf)])),
    segments: new Map(
      segments.map(({ id, name, conditions, rescan = null, dataSourceIds = [] }) => [
        id,
        { name, dataSources: dataSourceIds.map(nameOf).toSorted(), conditions, rescan, ...labelled(id) },
      ]),
    ),
    connectors: new Map(
      connectors.map(({ id, name, type, settings, isEnabled }) => [
        id,
        { name, type, settings: { ...settings, ...references.get(id) }, isEnabled, ...labelled(id) },
      ]),
    ),
    actions: new Map(
      actions.map(({ id, connectorId, dataSourceId, segmentId, templates, ...action }) => [
        id,
        {
          ...action,
          ...mappingsOf(registry, typeOf.get(connectorId) ?? '', action),
          connector: nameOf(connectorId),
          dataSource: nameOf(dataSourceId),
          segment: nameOf(segmentId),
          templates: templates.map(storedTemplate).toSorted(byName),
          ...labelled(id),
        },
      ]),
    ),
  }
}

export function dataSourceEntry(source: SourceDocument, nameOf: (id: string) => string): DataSourceEntry {
  const { id, connectionId, columns, ignoredColumns, query, schedule, ...fields } = source
  const { columns: _columns, ...order } = columnsByName(source)
  const { kind, ...what } = query
  return {
    ...fields,
    ...order,
    keyColumns: [...order.keyColumns],
    connection: nameOf(connectionId),
    query: 'sql' in what ? what : { table: what },
    schedule: withoutNulls(schedule),
    attributes: [
      ...columns
        .filter((column) => column.column !== undefined)
        .map((column) => ({ column: nameInSource(column), attribute: column.name })),
      ...ignoredColumns.map((column) => ({ column, attribute: null })),
    ].toSorted((left, right) => (left.column < right.column ? -1 : 1)),
  }
}

/** For the installed version of the type, where they can be brought to it. */
function mappingsOf(
  registry: Registry,
  connectorType: string,
  action: Pick<ActionDocument, 'type' | 'typeVersion' | 'mappings'>,
) {
  const { mappings, typeVersion } = shownMappings(registry, connectorType, action)
  return { mappings, typeVersion }
}

export function withoutNulls<Fields extends object>(
  fields: Fields,
): { [Field in keyof Fields]: NonNullable<Fields[Field]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as never
}

/** What columns feed comes with its data source: only what else is known of an attribute has to be told. */
function attributesToTell({ sources }: Documents, { attributes }: Beside): Entries['attributes'] {
  const fed = new Set(sources.flatMap(({ columns }) => columns.map(({ name }) => name)))
  return new Map(
    attributes
      .filter(({ name, notes }) => notes !== '' || !fed.has(name))
      .map((attribute) => [attribute.name, attribute]),
  )
}

/** Settings that are secret, each as a reference to a variable. */
function secretReferences(
  { connections, connectors }: Documents,
  { secretsOf }: Beside,
): ReadonlyMap<string, Readonly<Record<string, SecretReference>>> {
  const set = [
    ...connections.toSorted(byName).map((each) => ({ ...each, kind: 'connection' as const })),
    ...connectors.toSorted(byName).map((each) => ({ ...each, kind: 'connector' as const })),
  ].flatMap(({ id, kind, name }) =>
    Object.keys(secretsOf.get(id) ?? {})
      .toSorted()
      .map((setting) => ({ id, kind, owner: name, setting })),
  )
  const variables = proposedVariables(set)
  const references = new Map<string, Record<string, SecretReference>>()
  for (const [index, { id, setting }] of set.entries()) {
    references.set(id, { ...references.get(id), [setting]: { env: variables[index] ?? '' } })
  }
  return references
}

export function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1
}
