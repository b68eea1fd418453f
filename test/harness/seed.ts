/** A configured workspace in one line of a test, made through the public API as a frontend would make it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Answer } from './app.ts'
import { documents } from './seed-documents.ts'

/** What the seed needs of an application: it may as well be one that runs for real. */
export interface SeedableApp {
  /** File sources may read here. */
  readonly folder: string
  ask(document: string, variables?: object): Promise<Answer>
}

/** Its global id, and the revision that an edit sends back. */
export interface Seeded {
  readonly id: string
  readonly revision: number
}

export interface SeededSource extends Seeded {
  /** The file, to add rows to. */
  readonly path: string
  readonly connectionId: string
}

export type Row = Readonly<Record<string, string | number | boolean | null>>

export interface Seed<Made> {
  /** Default name: a new one each time. */
  workspace(name?: string): Seed<Made & { readonly workspace: Seeded }>
  /** A CSV file with these rows as data source, keyed and ordered by `id` unless the fields say otherwise. */
  csvSource(rows?: readonly Row[], fields?: object): Seed<Made & { readonly source: SeededSource }>
  /** A file that exists as data source; `settings` are those of its connection beside the path. */
  fileSource(path: string, fields?: object, settings?: object): Seed<Made & { readonly source: SeededSource }>
  /** Default: every row. */
  segment(conditions?: object, fields?: object): Seed<Made & { readonly segment: Seeded }>
  /** Braze, active. Default settings name an address that nothing listens on. */
  connector(settings?: object, fields?: object): Seed<Made & { readonly connector: Seeded }>
  /** Track User, active. Default: the external id comes from `id`. */
  action(mappings?: readonly object[], fields?: object): Seed<Made & { readonly action: Seeded }>
  /** Ends the chain with a published version. */
  publish(
    notes?: string,
  ): Promise<Made & { readonly version: { readonly id: string; readonly number: number } }>
  /** Ends the chain. */
  create(): Promise<Made>
}

export const defaultRows: readonly Row[] = [
  { id: 1, email: 'ann@example.com', country: 'NL', age: 31, is_active: true },
  { id: 2, email: 'bob@example.com', country: 'BE', age: 45, is_active: false },
  { id: 3, email: 'cyd@example.com', country: 'NL', age: 17, is_active: true },
]

export const externalId = { parameter: 'externalId', from: { kind: 'attribute', attribute: 'id' } } as const

const defaultSettings = { endpoint: 'http://127.0.0.1:9', apiKey: 'seed-key' }

/** What the steps so far have made; a step that needs an earlier one says so. */
interface Bag {
  readonly workspace?: Seeded
  readonly source?: SeededSource
  readonly segment?: Seeded
  readonly connector?: Seeded
  readonly action?: Seeded
}

export function seed(app: SeedableApp): Seed<object> {
  return seedAfter(app, Promise.resolve({}))
}

function seedAfter<Made extends Bag>(app: SeedableApp, before: Promise<Made>): Seed<Made> {
  const then = <Added extends Bag>(add: (made: Made) => Promise<Added>): Seed<Made & Added> =>
    seedAfter(
      app,
      before.then(async (made) => ({ ...made, ...(await add(made)) })),
    )
  return {
    workspace: (name = uniqueName('Workspace')) =>
      then(async () => ({ workspace: await must(app, 'createWorkspace', { name }) })),
    csvSource: (rows = defaultRows, fields = {}) =>
      then(async (made) => {
        const path = join(app.folder, `${uniqueName('customers')}.csv`)
        await writeFile(path, csv(rows))
        return { source: await createFileSource(app, made, path, fields) }
      }),
    fileSource: (path, fields = {}, settings = {}) =>
      then(async (made) => ({ source: await createFileSource(app, made, path, fields, settings) })),
    segment: (conditions = { any: [] }, fields = {}) =>
      then(async (made) => ({
        segment: await must(app, 'createSegment', {
          workspaceId: idOf(made, 'workspace'),
          name: uniqueName('Segment'),
          dataSourceIds: [idOf(made, 'source')],
          conditions,
          ...fields,
        }),
      })),
    connector: (settings = defaultSettings, fields = {}) =>
      then(async (made) => {
        const created = await must(app, 'createConnector', {
          workspaceId: idOf(made, 'workspace'),
          name: uniqueName('Connector'),
          type: 'braze',
          settings,
          ...fields,
        })
        return { connector: await must(app, 'activateConnector', created) }
      }),
    action: (mappings = [externalId], fields = {}) =>
      then(async (made) => {
        const created = await must(app, 'createAction', {
          workspaceId: idOf(made, 'workspace'),
          name: uniqueName('Action'),
          connectorId: idOf(made, 'connector'),
          dataSourceId: idOf(made, 'source'),
          segmentId: idOf(made, 'segment'),
          type: 'track-user',
          mappings,
          ...fields,
        })
        return { action: await must(app, 'activateAction', created) }
      }),
    publish: async (notes = 'seeded') => {
      const made = await before
      const version = await must<{ readonly id: string; readonly number: number }>(app, 'publishVersion', {
        workspaceId: idOf(made, 'workspace'),
        notes,
      })
      return { ...made, version }
    },
    create: () => before,
  }
}

async function createFileSource(
  app: SeedableApp,
  made: Bag,
  path: string,
  fields: object,
  settings: object = {},
): Promise<SeededSource> {
  const workspaceId = idOf(made, 'workspace')
  const connectionId = await fileConnection(app, workspaceId, path, settings)
  const source = await must(app, 'createDataSource', {
    workspaceId,
    name: uniqueName('Source'),
    connectionId,
    keyColumns: ['id'],
    cursorMode: 'INCREMENTING',
    incrementColumn: 'id',
    ...fields,
  })
  return { ...source, path, connectionId }
}

/** The id of a new connection to a file. */
export async function fileConnection(
  app: SeedableApp,
  workspaceId: string,
  path: string,
  settings: object = {},
): Promise<string> {
  const name = uniqueName('Connection')
  const input = { workspaceId, name, type: 'duckdb', settings: { path, ...settings } }
  return (await must(app, 'createDataSourceConnection', input)).id
}

/** The result of a mutation; a problem fails the test with its text. */
async function must<Result = Seeded>(
  app: SeedableApp,
  verb: keyof typeof documents,
  input: object,
): Promise<Result> {
  const { data, errors } = await app.ask(documents[verb], { input })
  const { __typename, ...result } = data?.[verb] ?? {}
  if (errors !== undefined || 'code' in result) {
    throw new Error(`${verb} failed: ${JSON.stringify(errors ?? { __typename, ...result })}`)
  }
  return result
}

function idOf(made: Bag, step: keyof Bag): string {
  const id = made[step]?.id
  if (id === undefined) throw new Error(`This step of the seed needs .${step}() before it.`)
  return id
}

/** Comma-separated text with quotes where they are needed; null is an empty field. */
export function csv(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const field = (value: Row[string] | undefined) => {
    if (value === null || value === undefined) return ''
    const text = String(value)
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = rows.map((row) => names.map((name) => field(row[name])).join(','))
  return `${[names.join(','), ...lines].join('\n')}\n`
}

let namesGiven = 0
function uniqueName(kind: string): string {
  namesGiven += 1
  return `${kind}-${namesGiven}`
}
