/** Looks for connectors: by what people type, by what people and counts say of them; sorted by every column of the overview. */
import type { Connector as Definition } from '@sluice/connector-sdk'
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Access } from '../access/rules.ts'
import { type SummaryName, summaryTerms } from '../deliveries/rules.ts'
import type { CountedRange } from '../metrics/ranges.ts'
import { totalsByAction } from '../metrics/totals.ts'
import { patternsOf } from '../workspaces/search-words.ts'
import { millisecondsOf, type SortedList } from '../workspaces/sorted-page.ts'
import { personOf } from './favourites.ts'
import { type ConnectorStatus, isDeprecated } from './rules.ts'

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
  /** The installed types. */
  readonly definitions: readonly Definition[]
}

export function connectorList(
  { access, definitions }: Finder,
  { by, filter, isDescending, range, workspaceId }: ConnectorsWanted,
): SortedList {
  const { key, needsTotals = false, type } = columns[by]
  const totals = needsTotals || filter.hasErrors !== undefined ? totalsOf(workspaceId, range) : Prisma.empty
  const conditions = [
    Prisma.sql`connector.workspace_id = ${workspaceId}::uuid AND connector.deleted_at IS NULL`,
    ...conditionsOf(filter, definitions, personOf(access)),
  ]
  const entries = Prisma.sql`
    SELECT connector.id, ${key} AS key
    FROM connector
    LEFT JOIN ${kindsOf(definitions)} ON kind.type = connector.type ${totals}
    WHERE ${Prisma.join(conditions, ' AND ')}`
  return { entries, order: { by, type, isDescending } }
}

const status = Prisma.sql`
  CASE WHEN kind.is_current IS NOT TRUE THEN 'deprecated' WHEN connector.is_enabled THEN 'active' ELSE 'inactive' END`

const ofActions = Prisma.sql`
  FROM action
  WHERE action.workspace_id = connector.workspace_id AND action.connector_id = connector.id AND action.deleted_at IS NULL`

const counted = (name: SummaryName | 'retries') => ({
  type: 'bigint' as const,
  key: Prisma.sql`coalesce(total.${Prisma.raw(`"${name}"`)}, 0)`,
  needsTotals: true,
})

const columns: Readonly<
  Record<
    ConnectorColumn,
    Pick<SortedList['order'], 'type'> & { readonly key: Prisma.Sql; readonly needsTotals?: boolean }
  >
> = {
  NAME: { type: 'text', key: Prisma.sql`lower(connector.name)` },
  TYPE: { type: 'text', key: Prisma.sql`lower(coalesce(kind.name, connector.type))` },
  VENDOR: { type: 'text', key: Prisma.sql`lower(coalesce(kind.vendor, ''))` },
  STATUS: { type: 'text', key: status },
  ACTIONS: { type: 'bigint', key: Prisma.sql`(SELECT count(*) ${ofActions})` },
  TOTAL_VOLUME: counted('totalVolume'),
  SUCCESS: counted('success'),
  ERRORS: counted('errors'),
  RETRIES: counted('retries'),
  CHANGED: {
    type: 'bigint',
    key: millisecondsOf(
      Prisma.sql`greatest(connector.updated_at, (SELECT max(action.updated_at) ${ofActions}))`,
    ),
  },
  CREATED: { type: 'bigint', key: millisecondsOf(Prisma.sql`connector.created_at`) },
}

/** The installed types as a table: what the database does not know of a connector. */
function kindsOf(definitions: readonly Definition[]): Prisma.Sql {
  const types = definitions.map(({ id }) => id)
  const names = definitions.map(({ name }) => name)
  const vendors = definitions.map(({ vendor }) => vendor)
  const current = definitions.map((definition) => !isDeprecated(definition))
  return Prisma.sql`
    unnest(${types}::text[], ${names}::text[], ${vendors}::text[], ${current}::boolean[])
      AS kind(type, name, vendor, is_current)`
}

function conditionsOf(
  filter: ConnectorFilter,
  definitions: readonly Definition[],
  userId: string | null,
): readonly Prisma.Sql[] {
  const { categories, hasErrors, isFavourite, labelIds, search, statuses, types } = filter
  const ofCategories = definitions
    .filter((definition) => definition.categories.some((category) => categories?.includes(category)))
    .map(({ id }) => id)
  const patterns = patternsOf(search ?? '')
  return [
    ...(patterns.length === 0
      ? []
      : [
          Prisma.sql`concat_ws(E'\n', connector.name, kind.name, kind.vendor, connector.type) ILIKE ALL (${patterns}::text[])`,
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
    ...(hasErrors === undefined ? [] : [Prisma.sql`${hasErrors} = (coalesce(total.errors, 0) > 0)`]),
  ]
}

const summarySums = Prisma.raw(
  Object.entries({ ...summaryTerms, retries: ['retries'] })
    .map(([name, terms]) => `sum(${terms.map((term) => `counts.${term}`).join(' + ')})::bigint AS "${name}"`)
    .join(', '),
)

/** Of all connectors of a workspace that did anything. */
function totalsOf(workspaceId: string, range: CountedRange): Prisma.Sql {
  return Prisma.sql`
    LEFT JOIN (
      SELECT action.connector_id, ${summarySums}
      FROM (${totalsByAction(workspaceId, range)}) AS counts
      JOIN action ON action.id = counts.action_id
      GROUP BY action.connector_id
    ) AS total ON total.connector_id = connector.id`
}
