/** How long people wait for the screens of a large workspace: the overview of its connectors, and a search as they type. */
import { join } from 'node:path'
import { setUpDemo } from '../server/start/demo-workspace.ts'
import { ensureWarehouse } from '../server/start/warehouse.ts'
import { exportRowsPerSecond } from './export-rows.ts'
import { decorateConnectors, fillMetrics, growWorkspace, withDatabase } from './large-workspace.ts'
import { p95Ms } from './open-loop.ts'
import { startServerStack } from './stack.ts'
import { statementsOf } from './statement-count.ts'
import { inTemporaryFolder } from './temporary-folder.ts'

export interface ApiFigures {
  readonly overviewP95Ms: number
  readonly overviewStatements: number
  readonly searchP95Ms: number
  readonly exportRowsPerSecond: number
}

const size = { connectors: 1_000, actions: 5_000 }
const pace = { perSecond: 20, requests: 400 }
const pageSize = 50
const records = 10_000

/** All that the overview shows, as a frontend asks for it. */
const overview = `query ($id: ID!, $after: String, $range: TimeRangeInput) {
  workspace(id: $id) {
    findConnectors(first: ${pageSize}, after: $after, range: $range) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges {
        node {
          id name type status isFavourite notes isInstalled
          labels { id name colour }
          overview(range: $range) {
            from to totalVolume success errors warned retries requests changedAt
            actions { dataKind total active paused }
          }
        }
      }
    }
  }
}`

const search = `query ($id: ID!, $search: String) {
  workspace(id: $id) {
    findConnectors(first: 20, filter: { search: $search }) { totalCount edges { node { id name type status } } }
  }
}`

/** What somebody types, letter by letter. */
const typed = 'braze 123'

interface Page {
  readonly workspace: {
    readonly findConnectors: {
      readonly totalCount: number
      readonly pageInfo: { readonly endCursor: string | null }
      readonly edges: readonly { readonly node: { readonly overview?: { readonly success: number } } }[]
    }
  }
}

export function api(say: (line: string) => void): Promise<ApiFigures> {
  return inTemporaryFolder(say, async (place) => {
    const warehouse = join(place.folder, 'warehouse.duckdb')
    await ensureWarehouse(warehouse, records)
    const { api: ask, postgresUrl, token, url, vendor } = await startServerStack({ ...place, say })
    await setUpDemo(ask, warehouse, { braze: vendor, webhook: vendor })
    await growWorkspace(postgresUrl, size)
    await decorateConnectors(postgresUrl)
    await fillMetrics(postgresUrl)
    say(
      `A workspace of ${size.connectors} connectors and ${size.actions} actions with 30 days of metrics was made`,
    )

    const { workspaces } = await ask<{ readonly workspaces: readonly { readonly id: string }[] }>(
      '{ workspaces { id } }',
    )
    const id = workspaces[0]?.id
    const page = async (range: string, after: string | null = null) => {
      const { workspace } = await ask<Page>(overview, { id, after, range: { name: range } })
      const { edges, pageInfo, totalCount } = workspace.findConnectors
      const isFull = totalCount === size.connectors && edges.length === pageSize
      if (!isFull || edges.some(({ node }) => (node.overview?.success ?? 0) === 0)) {
        throw new Error(`The page is not full: ${edges.length} of ${totalCount} connectors.`)
      }
      return pageInfo.endCursor
    }
    const second = await page('PAST_24_HOURS')
    const ranges = ['PAST_24_HOURS', 'PAST_7_DAYS', 'PAST_30_DAYS'] as const
    // The first and the second page, of each range in turn.
    const anyPage = async (index: number) => {
      await page(ranges[index % ranges.length] ?? ranges[0], index % 2 === 0 ? null : second)
    }
    const find = async (index: number) => {
      const { workspace } = await ask<Page>(search, {
        id,
        search: typed.slice(0, 1 + (index % typed.length)),
      })
      if (workspace.findConnectors.totalCount === 0) throw new Error('The search found nothing.')
    }
    await p95Ms(pace, anyPage)
    say('Warmed up')
    const overviewP95Ms = await p95Ms(pace, anyPage)
    say(
      `The overview, ${pageSize} connectors, at ${pace.perSecond} requests a second: ${overviewP95Ms} ms (p95)`,
    )
    const searchP95Ms = await p95Ms(pace, find)
    say(`A search, at the same pace: ${searchP95Ms} ms (p95)`)
    const overviewStatements = await withDatabase(postgresUrl, (client) =>
      statementsOf(
        client,
        () => anyPage(0),
        async () => void (await ask('{ __typename }')),
      ),
    )
    say(`Statements of the overview: ${overviewStatements}`)
    const exportSpeed = await exportRowsPerSecond({ token, url }, id ?? '')
    say(`An export of all metrics by the hour: ${exportSpeed} rows a second`)
    return { overviewP95Ms, overviewStatements, searchP95Ms, exportRowsPerSecond: exportSpeed }
  })
}
