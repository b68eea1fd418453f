/** A data source as a document wants it: looked at only where it would read something else than it does. */
import { isDeepStrictEqual } from 'node:util'
import { type Query, type SourceDocument, sourceDocumentSchema } from '../../engine/documents.ts'
import {
  type AdmittedDraft,
  admitThrough,
  draftOf,
  readDraft,
  type WantedSource,
} from '../sources/admit-source.ts'
import { queryIssues } from '../sources/describe-query.ts'
import type { StoredConnection } from '../sources/look-into.ts'
import { type SourceDraft, statementOf } from '../sources/rules.ts'
import { pacingFields, storedFields } from '../sources/stored-fields.ts'
import type { DataSourceEntry } from './document.ts'
import { dataSourceEntry, withoutNulls } from './entries.ts'
import type { Match } from './match-entries.ts'
import { issuesAt, type Planning, refer, type Want } from './planning.ts'

type Entry = Match<DataSourceEntry>['entry']

const fieldOf = { connectionId: 'connection' } as const

/** `connection` undefined: it cannot be reached for what is wrong with it, or is not known yet. */
export async function wantDataSource(
  planning: Planning,
  { entry: told, id, index }: Match<DataSourceEntry>,
  stored: SourceDocument | undefined,
  connectionOf: (id: string) => (StoredConnection & { readonly isSound: boolean }) | undefined,
): Promise<Want<DataSourceEntry, SourceDocument>> {
  const { deps } = planning
  const before = planning.before.dataSources.get(id)
  const reference = refer(planning.names, 'connections', told.connection, ['connection'])
  const connection = reference.id === undefined ? undefined : connectionOf(reference.id)
  const entry = withSchema(told, before)
  const wanted = wantedSource(entry, reference.id ?? '')
  const draft = draftOf(deps, wanted, connection?.type)
  const reading = readDraft(draft, deps.clock())
  const after = reading.ok ? normal(entry, reading.draft) : { ...entry, settleMs: draft.settleMs }
  const want = { id, index, before }

  if (reference.id !== undefined && stored !== undefined && isDeepStrictEqual(before, after)) {
    return { ...want, after, document: stored, issues: [] }
  }
  const readsTheSame =
    before !== undefined &&
    stored?.connectionId === reference.id &&
    isDeepStrictEqual(readingOf(before), readingOf(after))
  const mustLook = planning.secrets !== undefined && connection?.isSound === true && !readsTheSame
  if (connection !== undefined && mustLook) {
    const admission = await admitThrough(deps, connection, wanted)
    if (!admission.ok) {
      return {
        ...want,
        after,
        document: undefined,
        issues: issuesAt('dataSources', index, admission.issues, fieldOf),
      }
    }
    const document = sourceDocumentSchema.parse({ id, ...storedFields(admission.source) })
    return { ...want, after: dataSourceEntry(document, () => entry.connection), document, issues: [] }
  }
  const issues = [
    ...reference.issues,
    ...(reading.ok ? [] : reading.issues),
    ...(readsTheSame ? [] : queryIssues(draft.query ?? { kind: 'sql', sql: '' })),
  ]
  return {
    ...want,
    after,
    document:
      readsTheSame && reading.ok && issues.length === 0 && stored !== undefined
        ? { ...stored, ...pacingFields(reading.draft) }
        : undefined,
    issues: issuesAt('dataSources', index, issues, fieldOf),
  }
}

function wantedSource(entry: Entry, connectionId: string): WantedSource {
  const { connection: _connection, attributes, query, schedule, ...fields } = entry
  return {
    ...fields,
    connectionId,
    schedule,
    query: queryOf(query),
    queryBefore: null,
    attributes,
    columnsBefore: { columns: [], ignoredColumns: [] },
  }
}

function queryOf({ table, sql = '' }: Entry['query']): Query {
  return table === undefined ? { kind: 'sql', sql: statementOf(sql) } : { kind: 'table', ...table }
}

/** A table is stored with its schema, which need not be told. */
function withSchema(entry: Entry, before: DataSourceEntry | undefined): Entry {
  const { table } = entry.query
  const known = before?.query.table
  if (table === undefined || table.schema !== undefined || known?.schema === undefined) return entry
  return table.name === known.name
    ? { ...entry, query: { table: { schema: known.schema, ...table } } }
    : entry
}

/** As it would be told of the stored one. */
function normal(entry: Entry, draft: AdmittedDraft): DataSourceEntry {
  const { kind, ...what } = draft.query ?? { kind: 'sql', sql: '' }
  return {
    ...entry,
    settleMs: draft.settleMs,
    query: 'sql' in what ? what : { table: what },
    schedule: withoutNulls(draft.schedule),
    attributes: entry.attributes
      .filter(({ column, attribute }) => column !== attribute)
      .toSorted((left, right) => (left.column < right.column ? -1 : 1)),
  }
}

/** What only the source itself can bear out. */
function readingOf({
  query,
  keyColumns,
  cursorMode,
  timestampColumn,
  incrementColumn,
  attributes,
}: DataSourceEntry): Pick<SourceDraft, 'keyColumns' | 'cursorMode'> & Readonly<Record<string, unknown>> {
  return { query, keyColumns, cursorMode, timestampColumn, incrementColumn, attributes }
}
