/** Looking for actions: which ones are wanted, and what they are sorted by, for the database. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { type SummaryName, summaryTerms } from '../deliveries/rules.ts'
import type { CountedRange } from '../metrics/ranges.ts'
import { totalSql, totalsByAction } from '../metrics/totals.ts'
import type { Registry } from '../registry/registry.ts'
import { patternsOf } from '../workspaces/search-words.ts'
import { millisecondsOf, type SortedList } from '../workspaces/sorted-page.ts'
import { type ActionStatus, statusOf, statusTables } from './status.ts'

export interface ActionFilter {
  /** As people type it: parts of names of the action, its connector, the vendor, the operation. */
  readonly search?: string | undefined
  readonly connectorIds?: readonly string[] | undefined
  /** Of their connectors. */
  readonly connectorTypes?: readonly string[] | undefined
  readonly dataSourceIds?: readonly string[] | undefined
  readonly segmentIds?: readonly string[] | undefined
  /** One of these. */
  readonly labelIds?: readonly string[] | undefined
  readonly statuses?: readonly ActionStatus[] | undefined
  readonly isEnabled?: boolean | undefined
  /** Whether records became dead letters in the range. */
  readonly hasErrors?: boolean | undefined
}

export const actionColumns = ['NAME', 'CREATED', 'CHANGED', 'TOTAL_VOLUME', 'ERRORS'] as const
export type ActionColumn = (typeof actionColumns)[number]

export interface ActionsWanted {
  readonly workspaceId: string
  readonly filter: ActionFilter
  readonly by: ActionColumn
  readonly isDescending: boolean
  /** Of volume and errors. */
  readonly range: CountedRange
}

export function actionList(registry: Registry, wanted: ActionsWanted): SortedList {
  const { by, filter, isDescending, workspaceId } = wanted
  const counts = needsCounts(wanted)
    ? Prisma.sql`LEFT JOIN (${totalsByAction(workspaceId, wanted.range)}) AS total ON total.action_id = a.id`
    : Prisma.empty
  const kinds = filter.search === undefined ? Prisma.empty : kindsOf(registry)
  return {
    entries: Prisma.sql`
      SELECT a.id, ${keys[by].sql} AS key FROM action AS a ${statusTables} ${counts} ${kinds}
      WHERE a.workspace_id = ${workspaceId}::uuid AND a.deleted_at IS NULL
        AND ${Prisma.join([Prisma.sql`true`, ...conditions(registry, filter)], ' AND ')}`,
    order: { by: `action ${by}`, type: keys[by].type, isDescending },
  }
}

function needsCounts({ by, filter }: ActionsWanted): boolean {
  return by === 'TOTAL_VOLUME' || by === 'ERRORS' || filter.hasErrors !== undefined
}

const countOf = (name: SummaryName) => Prisma.raw(totalSql(summaryTerms[name]))

const keys = {
  NAME: { sql: Prisma.raw('lower(a.name)'), type: 'text' },
  CREATED: { sql: millisecondsOf(Prisma.sql`a.created_at`), type: 'bigint' },
  CHANGED: { sql: millisecondsOf(Prisma.sql`a.updated_at`), type: 'bigint' },
  TOTAL_VOLUME: { sql: countOf('totalVolume'), type: 'bigint' },
  ERRORS: { sql: countOf('errors'), type: 'bigint' },
} as const satisfies Record<ActionColumn, { readonly sql: Prisma.Sql; readonly type: 'text' | 'bigint' }>

function conditions(registry: Registry, filter: ActionFilter): readonly Prisma.Sql[] {
  const { hasErrors, isEnabled, labelIds, search, statuses } = filter
  return [
    ...(search === undefined
      ? []
      : [
          Prisma.sql`concat_ws(E'\n', a.name, c.name, kind.names, c.type, a.type) ILIKE ALL (${patternsOf(search)}::text[])`,
        ]),
    ...oneOf(Prisma.sql`a.connector_id`, filter.connectorIds, 'uuid'),
    ...oneOf(Prisma.sql`c.type`, filter.connectorTypes, 'text'),
    ...oneOf(Prisma.sql`a.data_source_id`, filter.dataSourceIds, 'uuid'),
    ...oneOf(Prisma.sql`a.segment_id`, filter.segmentIds, 'uuid'),
    ...oneOf(statusOf(registry), statuses, 'text'),
    ...(labelIds === undefined
      ? []
      : [
          Prisma.sql`EXISTS (SELECT 1 FROM action_label AS l WHERE l.action_id = a.id AND l.label_id = ANY(${[...labelIds]}::uuid[]))`,
        ]),
    ...(isEnabled === undefined ? [] : [Prisma.sql`a.is_enabled = ${isEnabled}`]),
    ...(hasErrors === undefined ? [] : [Prisma.sql`(${countOf('errors')} > 0) = ${hasErrors}`]),
  ]
}

function oneOf(
  what: Prisma.Sql,
  values: readonly string[] | undefined,
  type: 'uuid' | 'text',
): readonly Prisma.Sql[] {
  return values === undefined ? [] : [Prisma.sql`${what} = ANY(${[...values]}::${Prisma.raw(type)}[])`]
}

/** What vendors and operations are called, as a table: only the installed packages tell. */
function kindsOf(registry: Registry): Prisma.Sql {
  const kinds = registry.connectors().flatMap(({ definition: { actions, id, name, vendor } }) =>
    Object.entries(actions).map(([type, { title }]) => ({
      type: `${id}/${type}`,
      names: [name, vendor, title].join('\n'),
    })),
  )
  return Prisma.sql`
    LEFT JOIN unnest(${kinds.map(({ type }) => type)}::text[], ${kinds.map(({ names }) => names)}::text[])
      AS kind(type, names) ON kind.type = c.type || '/' || a.type`
}
