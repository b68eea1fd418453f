/** A published action with a vendor of its own: what most tests of delivery begin with. */
import { rename, writeFile } from 'node:fs/promises'
import {
  type BrazeSimulator,
  type BrazeSimulatorOptions,
  createBrazeSimulator,
  type Fault,
} from '@sluice/connector-braze/testing'
import { it } from 'vitest'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { parseGlobalId } from '../../server/graphql/global-id.ts'
import type { ApiClient } from './api-client.ts'
import { mutate } from './mutate.ts'
import { type Observed, observe, settled } from './observe.ts'
import { csv, type Row, type Seeded, type SeededSource, seed } from './seed.ts'

/** What a scene takes place in. */
export interface SceneHost extends ApiClient {
  /** File sources may read here. */
  readonly folder: string
  readonly db: PrismaClient
}

export interface SceneOptions {
  /** A CSV file with these rows, or a file that exists. */
  readonly from: readonly Row[] | string
  /** Fields of the data source; by default it is keyed and ordered by `id`. */
  readonly source?: object
  readonly conditions?: object
  readonly mappings: readonly object[]
  /** Fields of the action. */
  readonly action?: object
  readonly braze?: BrazeSimulatorOptions
  /** What goes wrong at the vendor, from the first request on. */
  readonly faults?: readonly Fault[]
  /** The key that the connector is given. Default: the right one. */
  readonly apiKey?: string
}

export interface Scene {
  readonly braze: BrazeSimulator
  readonly workspaceId: string
  readonly source: SeededSource
  readonly segment: Seeded
  readonly connector: Seeded
  readonly action: Seeded
  look(): Promise<Observed>
  /** Waits until so many records have matched, now and before, and each has its outcome. */
  settled(matched: number, withinMs?: number): Promise<Observed>
  /** Puts another CSV file in the place of the source's, at once. */
  replaceRows(rows: readonly Row[]): Promise<void>
  /** Publishes the working copy; returns the version's number. */
  publish(): Promise<number>
  /** Takes the workspace out of work, so that its source is polled no more, and the vendor away. */
  end(): Promise<void>
}

export type CreateScene = (options: SceneOptions) => Promise<Scene>

/** vitest's `it`, whose tests get a `createScene`; what they make of scenes ends with them. */
export function withScenes(host: () => SceneHost) {
  return it.extend<{ readonly createScene: CreateScene }>({
    createScene: ({ onTestFinished }, use) =>
      use(async (options) => {
        const scene = await createScene(host(), options)
        onTestFinished(scene.end)
        return scene
      }),
  })
}

/** An attribute mapped to a parameter, or to one key of an open group. */
export function attribute(parameter: string, name: string, key?: string) {
  return {
    parameter,
    ...(key === undefined ? {} : { key }),
    from: { kind: 'attribute', attribute: name },
  }
}

/** Often enough for a test to wait for, seldom enough to leave the cores to others. */
const pollIntervalMs = 500

async function createScene(host: SceneHost, options: SceneOptions): Promise<Scene> {
  const { from, conditions, mappings, action, faults = [] } = options
  const braze = await createBrazeSimulator({
    trackRequestsPerWindow: Number.POSITIVE_INFINITY,
    ...options.braze,
  })
  for (const fault of faults) braze.faults.add(fault)
  const fields = { pollIntervalMs, ...options.source }
  const workspace = seed(host).workspace()
  const withSource =
    typeof from === 'string' ? workspace.fileSource(from, fields) : workspace.csvSource(from, fields)
  const made = await withSource
    .segment(conditions)
    .connector({ endpoint: braze.url, apiKey: options.apiKey ?? braze.apiKey })
    .action(mappings, action)
    .publish()
  const publish = async () =>
    (await mutate(host, 'publishVersion', { workspaceId: made.workspace.id, notes: 'again' })).number ?? 0
  return {
    ...made,
    braze,
    workspaceId: made.workspace.id,
    look: () => observe(host, made.action.id),
    settled: (matched, withinMs) => settled(host, made.action.id, matched, withinMs),
    async replaceRows(rows) {
      const { path } = made.source
      await writeFile(`${path}.new`, csv(rows))
      await rename(`${path}.new`, path)
    },
    publish,
    async end() {
      const id = parseGlobalId(made.workspace.id)?.id
      await host.db.workspace.updateMany({ where: { id: id ?? '' }, data: { liveVersion: null } })
      await braze.close()
    },
  }
}
