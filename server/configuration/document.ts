/** The configuration of a workspace as one document: what the API's inputs say, with names in the place of ids. */
import { attributeTypes } from '@sluice/connector-sdk'
import { z } from 'zod'
import { cursorModes, sourceDefaults, startFroms } from '../../engine/documents.ts'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import { defaultRequestTimeoutMs, defaultRetryDelaysMs, defaultRetryForMs } from '../actions/rules.ts'
import { issuesOf } from '../problems/issues.ts'
import type { Issue } from '../problems/rules.ts'
import { defaultPollIntervalMs } from '../sources/rules.ts'
import { storedFormats, storedKinds } from '../templates/rules.ts'

/** Grows when a document of before would mean something else. */
export const formatVersion = 1

/** More than any workspace has: a document is bounded. */
const most = { labels: 5_000, connections: 2_000, dataSources: 5_000, segments: 10_000 } as const
const mostConnectors = 5_000
const mostActions = 20_000
const mostPerEntry = 1_000

/** Strict, with one line of the message for each field that is none, in the order of the keys. */
function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .map((key) => `There is no field "${key}" here. ${suggestion(key, Object.keys(shape))}`)
            .join('\n')
        : undefined,
  })
}

const name = z.string().trim()
const named = {
  name,
  /** What it is called in the workspace, where it gets another name. */
  was: name.exactOptional(),
}
const labelled = {
  notes: z.string().default(''),
  labels: z.array(z.string()).max(mostPerEntry).default([]),
}
const listOf = <Entry extends z.ZodType>(entry: Entry, most: number) => z.array(entry).max(most).default([])
/** A setting that is a secret is `{ env }`: the variable that has it, for whoever applies the document. */
const settings = z.record(z.string(), z.unknown())

const labelEntry = fields({ name, colour: z.string().trim().toLowerCase() })

const attributeEntry = fields({ name, type: z.enum(attributeTypes), notes: z.string().default('') })

const connectionEntry = fields({ ...named, type: z.string(), settings: settings.default({}) })

const queryEntry = fields({
  table: fields({
    schema: z.string().exactOptional(),
    name: z.string(),
    columns: z.array(z.string()).exactOptional(),
    where: z.string().trim().exactOptional(),
  }).exactOptional(),
  sql: z.string().exactOptional(),
}).refine(({ table, sql }) => (table === undefined) !== (sql === undefined), {
  error: 'Give `table` or `sql`.',
  params: { code: 'required' },
})

const dataSourceEntry = fields({
  ...named,
  connection: name,
  query: queryEntry,
  keyColumns: z.array(z.string()),
  cursorMode: z.enum(cursorModes),
  timestampColumn: z.string().nullable().default(null),
  incrementColumn: z.string().nullable().default(null),
  timeZone: z.string().default('UTC'),
  /** Default: the type's own. */
  settleMs: z.int().nullable().default(null),
  pollIntervalMs: z.int().default(defaultPollIntervalMs),
  schedule: fields({
    kind: z.enum(['CONTINUOUS', 'HOURLY', 'DAILY', 'WEEKLY', 'CRON']),
    minute: z.int().exactOptional(),
    hour: z.int().exactOptional(),
    day: z
      .enum(['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'])
      .exactOptional(),
    expression: z.string().exactOptional(),
    timeZone: z.string().exactOptional(),
  }).default(sourceDefaults.schedule),
  batchRows: z.int().nullable().default(sourceDefaults.batchRows),
  resyncLimit: z.int().nullable().default(sourceDefaults.resyncLimit),
  isEnabled: z.boolean().default(sourceDefaults.isEnabled),
  /** Columns that feed an attribute of another name; null: none. */
  attributes: z
    .array(fields({ column: z.string(), attribute: name.nullable() }))
    .max(mostPerEntry)
    .default([]),
})

const segmentEntry = fields({
  ...named,
  dataSources: z.array(name).max(mostPerEntry),
  conditions: z.unknown(),
  /** Default: daily at midnight, where the conditions depend on now. */
  rescan: z.unknown().default(null),
  ...labelled,
})

const connectorEntry = fields({
  ...named,
  type: z.string(),
  settings: settings.default({}),
  /** Whether the terms of its type are agreed to, where it has some: asked of a new one. */
  acceptTerms: z.boolean().exactOptional(),
  isEnabled: z.boolean().default(false),
  ...labelled,
})

const templateEntry = fields({
  name,
  kind: z.enum(storedKinds).default('CUSTOM'),
  format: z.enum(storedFormats).default('TEXT'),
  source: z.string(),
})

const actionEntry = fields({
  ...named,
  connector: name,
  dataSource: name,
  segment: name,
  type: z.string(),
  /** Version of the type's parameters that the mappings are written for. Default: the installed one. */
  typeVersion: z.int().positive().nullable().default(null),
  mappings: z.unknown(),
  templates: z.array(templateEntry).max(mostPerEntry).default([]),
  templateVariables: z
    .array(fields({ name: z.string(), attribute: z.string() }))
    .max(mostPerEntry)
    .default([]),
  startFrom: z.enum(startFroms).default('BEGINNING'),
  retryDelaysMs: z
    .array(z.int())
    .max(mostPerEntry)
    .default([...defaultRetryDelaysMs]),
  retryForMs: z.int().default(defaultRetryForMs),
  requestTimeoutMs: z.int().default(defaultRequestTimeoutMs),
  applyWithinMs: z.int().nullable().default(null),
  isEnabled: z.boolean().default(false),
  ...labelled,
})

export const configurationSchema = fields({
  sluice: z.literal(formatVersion, {
    error: `This is the version of the format: write ${formatVersion}. For another one you need another Sluice.`,
  }),
  labels: listOf(labelEntry, most.labels),
  attributes: listOf(attributeEntry, most.labels),
  connections: listOf(connectionEntry, most.connections),
  dataSources: listOf(dataSourceEntry, most.dataSources),
  segments: listOf(segmentEntry, most.segments),
  connectors: listOf(connectorEntry, mostConnectors),
  actions: listOf(actionEntry, mostActions),
})

/** Complete: what a document leaves out has its default. */
export type Configuration = Readonly<z.output<typeof configurationSchema>>
export type LabelEntry = Readonly<z.output<typeof labelEntry>>
export type AttributeEntry = Readonly<z.output<typeof attributeEntry>>
export type ConnectionEntry = Readonly<z.output<typeof connectionEntry>>
export type DataSourceEntry = Readonly<z.output<typeof dataSourceEntry>>
export type SegmentEntry = Readonly<z.output<typeof segmentEntry>>
export type ConnectorEntry = Readonly<z.output<typeof connectorEntry>>
export type ActionEntry = Readonly<z.output<typeof actionEntry>>

/** The lists of a document, each after those that it refers to. */
export const parts = [
  'labels',
  'attributes',
  'connections',
  'dataSources',
  'segments',
  'connectors',
  'actions',
] as const
export type Part = (typeof parts)[number]

export type ConfigurationReading =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Settings are what a plugin's form says, which knows no lists of lists of lists. */
const maxDepth = 32

/** Its form; what it means is checked by those who know the workspace. */
export function readDocument(given: unknown): ConfigurationReading {
  if (isDeeper(given, maxDepth)) {
    const message = `The configuration is nested more than ${maxDepth} levels deep.`
    return { ok: false, issues: [{ path: [], code: 'too_deep', message }] }
  }
  // GraphQL's own literals have no prototype, and so are equal to nothing that JSON is.
  const parsed = configurationSchema.safeParse(JSON.parse(JSON.stringify(given ?? null)))
  return parsed.success
    ? { ok: true, configuration: parsed.data }
    : { ok: false, issues: issuesOf(parsed.error.issues).flatMap(unknownFields(parsed.error.issues)) }
}

/** One issue for each field that is none, at the field. */
function unknownFields(found: readonly z.core.$ZodIssue[]) {
  return (issue: Issue, index: number): readonly Issue[] => {
    const original = found[index]
    if (original?.code !== 'unrecognized_keys') return [issue]
    const messages = issue.message.split('\n')
    return original.keys.map((key, at) => ({
      path: [...issue.path, key],
      code: 'unknown_field',
      message: messages[at] ?? issue.message,
    }))
  }
}

/** Without recursion: what comes from outside may be deeper than the stack. */
function isDeeper(value: unknown, levels: number): boolean {
  let level: readonly object[] = [value].filter(isNested)
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true
    level = level.flatMap((each) => Object.values(each).filter(isNested))
  }
  return false
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
