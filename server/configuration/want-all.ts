/** All entries of a document, each after those that it refers to. */
import type {
  ActionDocument,
  ConnectionDocument,
  ConnectorDocument,
  SegmentDocument,
  SourceDocument,
} from '../../engine/documents.ts'
import { readParameters } from '../../engine/mapping/parameters.ts'
import type { ParametersOf } from '../actions/read-action.ts'
import type { Issue } from '../problems/rules.ts'
import { sourceInUse } from '../segments/read-segment.ts'
import type { StoredConnection } from '../sources/look-into.ts'
import type { Documents } from '../versions/rules.ts'
import { sealSecrets } from '../workspaces/secrets.ts'
import type {
  ActionEntry,
  ConnectionEntry,
  ConnectorEntry,
  DataSourceEntry,
  SegmentEntry,
} from './document.ts'
import type { Matches } from './match-entries.ts'
import { issuesAt, type Planning, type Want } from './planning.ts'
import { type WantedAccount, wantAccount } from './want-account.ts'
import { wantAction } from './want-action.ts'
import { wantDataSource } from './want-data-source.ts'
import { wantSegment } from './want-segment.ts'

export interface Matched {
  readonly connections: Matches<ConnectionEntry>
  readonly dataSources: Matches<DataSourceEntry>
  readonly segments: Matches<SegmentEntry>
  readonly connectors: Matches<ConnectorEntry>
  readonly actions: Matches<ActionEntry>
}

export interface Wants {
  readonly connections: readonly WantedAccount<ConnectionEntry>[]
  readonly dataSources: readonly Want<DataSourceEntry, SourceDocument>[]
  readonly segments: readonly Want<SegmentEntry, SegmentDocument>[]
  readonly connectors: readonly WantedAccount<ConnectorEntry>[]
  readonly actions: readonly Want<ActionEntry, ActionDocument>[]
  /** The working copy with all of them, and with what stays beside. */
  readonly documents: Documents
  readonly issues: readonly Issue[]
}

export async function wantAll(
  planning: Planning,
  matched: Matched,
  { deleteOthers }: { readonly deleteOthers: boolean },
): Promise<Wants> {
  const { before, deps, present } = planning
  const stored = byIds(present.documents)
  const kept = <Document>(part: keyof Matched, of: ReadonlyMap<string, Document>): readonly Document[] =>
    deleteOthers ? [] : matched[part].others.flatMap((id) => of.get(id) ?? [])

  const account = <Entry extends ConnectionEntry | ConnectorEntry>(
    entries: ReadonlyMap<string, Entry>,
    documents: ReadonlyMap<string, ConnectionDocument>,
    id: string,
  ) => {
    const entry = entries.get(id)
    const document = documents.get(id)
    return entry === undefined || document === undefined ? undefined : { entry, settings: document.settings }
  }
  const connections = matched.connections.matched.map((match) =>
    wantAccount(planning, 'connections', match, account(before.connections, stored.connections, match.id)),
  )
  const connectionDocuments = [
    ...connections.flatMap(({ id, after, document }): readonly ConnectionDocument[] =>
      document === undefined ? [] : [{ id, name: after.name, type: after.type, settings: { ...document } }],
    ),
    ...kept('connections', stored.connections),
  ]

  const connectionOf = connectionsOf(planning, connections, connectionDocuments)
  const dataSources = await someAtATime(matched.dataSources.matched, (match) =>
    wantDataSource(planning, match, stored.sources.get(match.id), connectionOf),
  )
  const sources = [...documentsOf(dataSources), ...kept('dataSources', stored.sources)]
  const sourceById = new Map(sources.map((source) => [source.id, source]))
  const nameOfSource = new Map([...planning.names.dataSources].map(([name, id]) => [id, name]))
  const sourceOf = (id: string) => ({
    id,
    name: nameOfSource.get(id) ?? '',
    columns: sourceById.get(id)?.columns,
  })

  const segments = matched.segments.matched.map((match) =>
    wantSegment(planning, match, stored.segments.get(match.id), sourceOf),
  )
  const segmentDocuments = [...documentsOf(segments), ...kept('segments', stored.segments)]
  const segmentById = new Map(segmentDocuments.map((segment) => [segment.id, segment]))

  const connectors = matched.connectors.matched.map((match) => {
    const { acceptTerms, ...entry } = match.entry
    const present = account(before.connectors, stored.connectors, match.id)
    return wantAccount(planning, 'connectors', { ...match, entry }, present, acceptTerms)
  })
  const connectorDocuments = [
    ...connectors.flatMap(({ id, after, document }): readonly ConnectorDocument[] => {
      const { isEnabled, name, type } = after
      return document === undefined ? [] : [{ id, name, type, settings: { ...document }, isEnabled }]
    }),
    ...kept('connectors', stored.connectors),
  ]
  const typeOfConnector = new Map<string, { readonly name: string; readonly type: string }>([
    ...connectorDocuments.map((connector) => [connector.id, connector] as const),
    ...connectors.map(({ id, after }) => [id, after] as const),
  ])

  const parts = {
    connectorOf: (id: string) => {
      const connector = typeOfConnector.get(id)
      return {
        connector,
        definitions: connector && deps.registry.connector(connector.type)?.definition.actions,
      }
    },
    sourceOf,
    segmentOf: (id: string) => {
      const segment = segmentById.get(id)
      return segment && { name: segment.name, dataSourceIds: segment.dataSourceIds ?? [] }
    },
    parametersOf: parametersOnce(),
  }
  const actions = matched.actions.matched.map((match) =>
    wantAction(planning, match, stored.actions.get(match.id), parts),
  )
  const actionDocuments = [...documentsOf(actions), ...kept('actions', stored.actions)]

  return {
    ...{ connections, dataSources, segments, connectors, actions },
    documents: {
      connections: connectionDocuments,
      sources,
      segments: segmentDocuments,
      connectors: connectorDocuments,
      actions: actionDocuments,
    },
    issues: [
      ...[connections, dataSources, segments, connectors, actions].flatMap((wants) =>
        wants.flatMap(({ issues }) => issues),
      ),
      ...leftByTheirSource(segments, actionDocuments, stored.actions, nameOfSource),
    ],
  }
}

function byIds({ connections, sources, segments, connectors, actions }: Documents) {
  return {
    connections: byId(connections),
    sources: byId(sources),
    segments: byId(segments),
    connectors: byId(connectors),
    actions: byId(actions),
  }
}

function byId<Document extends { readonly id: string }>(
  documents: readonly Document[],
): ReadonlyMap<string, Document> {
  return new Map(documents.map((document) => [document.id, document]))
}

function documentsOf<Document>(wants: readonly Want<unknown, Document>[]): readonly Document[] {
  return wants.flatMap(({ document }) => (document === undefined ? [] : [document]))
}

/** As they are to be, which is not how they are stored yet. */
function connectionsOf(
  { key, present, workspaceId }: Planning,
  wants: readonly WantedAccount<ConnectionEntry>[],
  documents: readonly ConnectionDocument[],
) {
  const sound = new Map(documents.map((document) => [document.id, document]))
  const wanted = new Map(wants.map((want) => [want.id, want]))
  return (id: string): (StoredConnection & { readonly isSound: boolean }) | undefined => {
    const want = wanted.get(id)
    const document = sound.get(id)
    const type = document?.type ?? want?.after.type
    if (type === undefined) return undefined
    const secrets = want?.secrets ?? present.beside.secretsOf.get(id) ?? {}
    return {
      workspaceId,
      type,
      settings: document?.settings,
      secrets: sealSecrets(key, secrets),
      isSound: document !== undefined,
    }
  }
}

/** Each look is a connection to somebody's database. */
const atATime = 8

async function someAtATime<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += atATime) {
    results.push(...(await Promise.all(items.slice(start, start + atATime).map(work))))
  }
  return results
}

/** Actions of one type have the same parameters. */
function parametersOnce(): ParametersOf {
  const known = new Map<unknown, ReturnType<ParametersOf>>()
  return (definition) => {
    const parameters = known.get(definition) ?? readParameters(definition.parameters)
    known.set(definition, parameters)
    return parameters
  }
}

/** Actions that do not change, and whose segment gives up the data source that they read. */
function leftByTheirSource(
  segments: readonly Want<SegmentEntry, SegmentDocument>[],
  actions: readonly ActionDocument[],
  stored: ReadonlyMap<string, ActionDocument>,
  nameOfSource: ReadonlyMap<string, string>,
): readonly Issue[] {
  const wanted = new Map(segments.map((segment) => [segment.id, segment]))
  return actions
    .filter((action) => stored.get(action.id) === action)
    .flatMap(({ name, dataSourceId, segmentId }) => {
      const segment = wanted.get(segmentId)
      const sources = segment?.document?.dataSourceIds
      if (segment === undefined || sources === undefined || sources.includes(dataSourceId)) return []
      const issue = sourceInUse(name, nameOfSource.get(dataSourceId) ?? '')
      return issuesAt('segments', segment.index, [issue], { dataSourceIds: 'dataSources' })
    })
}
