/** Looks for connectors: by what people type, by what people and counts say of them; sorted by every column of the overview. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Access } from '../access/rules.ts'
import { summaryTerms } from '../deliveries/rules.ts'
import type { CountedRange } from '../metrics/ranges.ts'
import { totalSql, totalsByConnector } from '../metrics/totals.ts'
import type { Registry } from '../registry/registry.ts'
import { patternsOf } from '../workspaces/search-words.ts'
import { millisecondsOf, type SortedList } from '../workspaces/sorted-page.ts'
import { personOf } from './favourites.ts'
import type { ConnectorStatus } from './rules.ts'
import { connectorStatus, connectorTypes } from './type-table.ts'

export interface ConnectorFilter {
  readonly search?: string
  readonly statuses?: readonly ConnectorStatus[]
  readonly labelIds?: readonly string[]
  readonly isFavourite?: boolean
  readonly types?: readonly string[]
  readonly categories?: readonly string[]
  readonly hasErrors?: boolean
}

export const connectorColumns = [
  'NAME',
  'TYPE',
  'VENDOR',
  'STATUS',
  'ACTIONS',
  'TOTAL_VOLUME',
  'SUCCESS',
  'ERRORS',
  'RETRIES',
  'CHANGED',
  'CREATED',
] as const
export type ConnectorColumn = (typeof connectorColumns)[number]

export interface ConnectorsWanted {
  readonly workspaceId: string
  readonly filter: ConnectorFilter
  readonly by: ConnectorColumn
  readonly isDescending: boolean
  /** Of the counts that it is sorted by, or found by. */
  readonly range: CountedRange
}

interface Finder {
  readonly access: Access
  readonly registry: Registry
}

export function connectorList(
  { access, registry }: Finder,
  { by, filter, isDescending, range, workspaceId }: ConnectorsWanted,
): SortedList {
  const { key, needsTotals = false, type } = columns[by]
  const totals =
    needsTotals || filter.hasErrors !== undefined
      ? Prisma.sql`LEFT JOIN (${totalsByConnector(workspaceId, range)}) AS total ON total.connector_id = connector.id`
      : Prisma.empty
  const conditions = [
    Prisma.sql`connector.workspace_id = ${workspaceId}::uuid AND connector.deleted_at IS NULL`,
    ...conditionsOf(filter, registry, personOf(access)),
  ]
  const entries = Prisma.sql`
    SELECT connector.id, ${key} AS key
    FROM connector
    LEFT JOIN ${connectorTypes(registry)} ON type.id = connector.type ${totals}
    WHERE ${Prisma.join(conditions, ' AND ')}`
  return { entries, order: { by, type, isDescending } }
}

const status = Prisma.raw(connectorStatus)

const ofActions = Prisma.sql`
  FROM action
  WHERE action.workspace_id = connector.workspace_id AND action.connector_id = connector.id AND action.deleted_at IS NULL`

const counted = (names: readonly string[]) => ({
  type: 'bigint' as const,
  key: Prisma.raw(totalSql(names)),
  needsTotals: true,
})

const columns: Readonly<
  Record<
    ConnectorColumn,
    Pick<SortedList['order'], 'type'> & { readonly key: Prisma.Sql; readonly needsTotals?: boolean }
  >
> = {
  NAME: { type: 'text', key: Prisma.sql`lower(connector.name)` },
  TYPE: { type: 'text', key: Prisma.sql`lower(coalesce(type.name, connector.type))` },
  VENDOR: { type: 'text', key: Prisma.sql`lower(coalesce(type.vendor, ''))` },
  STATUS: { type: 'text', key: status },
  ACTIONS: { type: 'bigint', key: Prisma.sql`(SELECT count(*) ${ofActions})` },
  TOTAL_VOLUME: counted(summaryTerms.totalVolume),
  SUCCESS: counted(summaryTerms.success),
  ERRORS: counted(summaryTerms.errors),
  RETRIES: counted(['retries']),
  CHANGED: {
    type: 'bigint',
    key: millisecondsOf(
      Prisma.sql`greatest(connector.updated_at, (SELECT max(action.updated_at) ${ofActions}))`,
    ),
  },
  CREATED: { type: 'bigint', key: millisecondsOf(Prisma.sql`connector.created_at`) },
}

function conditionsOf(
  filter: ConnectorFilter,
  registry: Registry,
  userId: string | null,
): readonly Prisma.Sql[] {
  const { categories, hasErrors, isFavourite, labelIds, search, statuses, types } = filter
  const ofCategories = registry
    .connectors()
    .filter(({ definition }) => definition.categories.some((category) => categories?.includes(category)))
    .map(({ definition }) => definition.id)
  const patterns = patternsOf(search ?? '')
  return [
    ...(patterns.length === 0
      ? []
      : [
          Prisma.sql`concat_ws(E'\n', connector.name, type.name, type.vendor, connector.type) ILIKE ALL (${patterns}::text[])`,
        ]),
    ...(statuses === undefined ? [] : [Prisma.sql`${status} = ANY(${[...statuses]}::text[])`]),
    ...(types === undefined ? [] : [Prisma.sql`connector.type = ANY(${[...types]}::text[])`]),
    ...(categories === undefined ? [] : [Prisma.sql`connector.type = ANY(${ofCategories}::text[])`]),
    ...(labelIds === undefined
      ? []
      : [
          Prisma.sql`EXISTS (
            SELECT FROM connector_label AS link
            WHERE link.connector_id = connector.id AND link.label_id = ANY(${[...labelIds]}::uuid[]))`,
        ]),
    ...(isFavourite === undefined
      ? []
      : [
          Prisma.sql`${isFavourite} = EXISTS (
            SELECT FROM favourite_connector AS favourite
            WHERE favourite.connector_id = connector.id AND favourite.user_id IS NOT DISTINCT FROM ${userId}::uuid)`,
        ]),
    ...(hasErrors === undefined
      ? []
      : [Prisma.sql`${hasErrors} = (${Prisma.raw(totalSql(summaryTerms.errors))} > 0)`]),
  ]
}
