/** How long people wait for a large workspace: to publish it, to compare two of its versions, to count a segment. */
import { join } from 'node:path'
import { setUpDemo } from '../server/start/demo-workspace.ts'
import type { GraphqlClient } from '../server/start/graphql-client.ts'
import { ensureWarehouse } from '../server/start/warehouse.ts'
import { editActions, growWorkspace } from './large-workspace.ts'
import { median } from './median.ts'
import { startServerStack } from './stack.ts'
import { inTemporaryFolder } from './temporary-folder.ts'

interface Options {
  readonly records: number
  say(line: string): void
}

export interface ConfigurationFigures {
  readonly publishMs: number
  readonly compareMs: number
  readonly countMs: number
}

const connectors = 1_000
const actions = 5_000
const rounds = 5

export function configuration({ records, say }: Options): Promise<ConfigurationFigures> {
  return inTemporaryFolder(say, async (place) => {
    const warehouse = join(place.folder, 'warehouse.duckdb')
    await ensureWarehouse(warehouse, records)
    const { api, postgresUrl, vendor } = await startServerStack({ ...place, say })
    await setUpDemo(api, warehouse, { braze: vendor, webhook: vendor })
    const { workspaces } = await api<{ readonly workspaces: readonly Workspace[] }>(
      '{ workspaces { id segments { id } dataSources { id } } }',
    )
    const [workspace] = workspaces
    if (workspace === undefined) throw new Error('The demo has no workspace.')
    await growWorkspace(postgresUrl, { connectors, actions })
    say(`A workspace of ${connectors} connectors and ${actions} actions was made`)

    const first = await publish(api, workspace.id, 'all of it')
    say(`Publish of all as new: ${first.ms} ms`)
    await editActions(postgresUrl)
    const second = await publish(api, workspace.id, 'all actions edited')
    say(`Publish of all actions edited: ${second.ms} ms`)
    const compareMs = await medianMs(() => compare(api, workspace.id, first.id, second.id))
    say(`Comparing the two: ${compareMs} ms`)
    const countMs = await medianMs(() => count(api, workspace, records))
    say(`Counting a segment over ${records} rows: ${countMs} ms`)
    return { publishMs: Math.max(first.ms, second.ms), compareMs, countMs }
  })
}

interface Workspace {
  readonly id: string
  readonly segments: readonly { readonly id: string }[]
  readonly dataSources: readonly { readonly id: string }[]
}

async function publish(api: GraphqlClient, workspaceId: string, notes: string) {
  const startedAt = performance.now()
  const { publishVersion: version } = await api<{
    readonly publishVersion: { readonly id?: string; readonly message?: string }
  }>(
    `mutation ($input: PublishVersionInput!) {
      publishVersion(input: $input) { ... on Version { id } ... on Problem { message } }
    }`,
    { input: { workspaceId, notes } },
  )
  const ms = Math.round(performance.now() - startedAt)
  if (version.id === undefined) throw new Error(`Publishing failed: ${version.message}`)
  return { id: version.id, ms }
}

async function compare(api: GraphqlClient, id: string, before: string, after: string): Promise<void> {
  const { workspace } = await api<{
    readonly workspace: { readonly comparison: { readonly changes?: readonly unknown[] } }
  }>(
    `query ($id: ID!, $before: ID!, $after: ID) {
      workspace(id: $id) {
        comparison(before: $before, after: $after) {
          ... on Comparison { changes { kind entityId name change fields { path change before after } } }
        }
      }
    }`,
    { id, before, after },
  )
  const found = workspace.comparison.changes?.length
  if (found !== actions) throw new Error(`${found} of ${actions} changes were found.`)
}

async function count(
  api: GraphqlClient,
  { segments, dataSources }: Workspace,
  records: number,
): Promise<void> {
  const { segment } = await api<{
    readonly segment: { readonly count: { readonly matched?: number; readonly isComplete?: boolean } }
  }>(
    `query ($id: ID!, $source: ID!) {
      segment(id: $id) { count(dataSourceId: $source) { ... on MatchCount { matched isComplete } } }
    }`,
    { id: segments[0]?.id, source: dataSources[0]?.id },
  )
  const { isComplete, matched = 0 } = segment.count
  if (isComplete !== true || matched < records / 2) throw new Error(`Only ${matched} rows were counted.`)
}

async function medianMs(work: () => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  return Math.round(median(times))
}
