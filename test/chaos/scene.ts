/** What a run takes place in: a workspace with a table, a segment, a vendor of its own and two actions. */
import { join } from 'node:path'
import { type BrazeSimulator, createBrazeSimulator } from '@sluice/connector-braze/testing'
import { parseGlobalId } from '../../server/graphql/global-id.ts'
import { mutate } from '../harness/mutate.ts'
import { seed } from '../harness/seed.ts'
import type { Installation } from './installation.ts'
import { tableSource, writeTable } from './table-file.ts'
import { applyWithinMs, requestTimeoutMs } from './vendor-faults.ts'
import { blockedPerson, type World } from './world.ts'

/** One lane sets attributes, which may be repeated; the other appends events, which may not. */
export const laneNames = ['attributes', 'events'] as const
export type LaneName = (typeof laneNames)[number]

export interface Scene {
  readonly braze: BrazeSimulator
  /** Its global id. */
  readonly workspace: string
  /** Its id in the database. */
  readonly workspaceId: string
  /** Global ids of the actions. */
  readonly actions: { readonly [Name in LaneName]: string }
  /** Puts the world's rows in the place of the table's, at once. */
  publishRows(): Promise<void>
  /** Takes the workspace out of work, and the vendor away. */
  end(): Promise<void>
}

const from = (name: string) => ({ kind: 'attribute', attribute: name })
const mappings = {
  attributes: [
    { parameter: 'externalId', from: from('person') },
    { parameter: 'attributes', key: 'v', from: from('v') },
  ],
  events: [
    { parameter: 'externalId', from: from('person') },
    { parameter: 'events', key: 'name', from: { kind: 'constant', value: 'changed' } },
    { parameter: 'events', key: 'properties.v', from: from('v') },
  ],
} as const satisfies { readonly [Name in LaneName]: readonly object[] }

/** Records wait for a broken vendor as long as it takes: only what is refused or unknown is a dead letter. */
const patience = { retryDelaysMs: [100, 200, 400, 800, 800], requestTimeoutMs, applyWithinMs }

const pollIntervalMs = 1_000

export async function createScene(
  installation: Installation,
  world: World,
  seedNumber: number,
): Promise<Scene> {
  const path = join(installation.folder, `table-${seedNumber}.csv`)
  const publishRows = () => writeTable(path, world.rows.values())
  await publishRows()
  const braze = await createBrazeSimulator({
    trackRequestsPerWindow: Number.POSITIVE_INFINITY,
    keepRequests: Number.POSITIVE_INFINITY,
    blockedUsers: [blockedPerson],
    seed: seedNumber,
  })
  const made = await seed(installation)
    .workspace(`Chaos ${seedNumber}`)
    .fileSource(path, { ...tableSource, pollIntervalMs })
    .segment({ any: [{ all: [{ attribute: 'active', operator: 'isTrue' }] }] })
    .connector({ endpoint: braze.url, apiKey: braze.apiKey })
    .action(mappings.attributes, patience)
    .create()
  const events = await mutate(installation, 'createAction', {
    workspaceId: made.workspace.id,
    name: 'Events',
    connectorId: made.connector.id,
    dataSourceId: made.source.id,
    segmentId: made.segment.id,
    type: 'track-user',
    mappings: mappings.events,
    ...patience,
  })
  await mutate(installation, 'activateAction', events)
  await mutate(installation, 'publishVersion', { workspaceId: made.workspace.id, notes: 'chaos' })
  const workspaceId = parseGlobalId(made.workspace.id)?.id ?? ''
  return {
    braze,
    workspace: made.workspace.id,
    workspaceId,
    actions: { attributes: made.action.id, events: events.id },
    publishRows,
    async end() {
      await installation.db.workspace.updateMany({ where: { id: workspaceId }, data: { liveVersion: null } })
      await braze.close()
    },
  }
}
