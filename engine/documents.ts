/** The pieces of a published version: one schema a noun, secrets left out, immutable once written. */
import { attributeTypes, z } from '@sluice/connector-sdk'
import { mappingsSchema } from './mapping/mapping.ts'
import { scheduleSchema } from './reading/schedule.ts'
import { conditionsSchema } from './rules/conditions.ts'
import { rescanSchema } from './rules/rescan.ts'
import { templateKinds } from './templates/template.ts'

const settings = z.record(z.string(), z.unknown())

export const cursorModes = ['INCREMENTING', 'TIMESTAMP', 'TIMESTAMP_INCREMENTING', 'FULL_RESYNC'] as const

/** A source is read all the time, unless somebody says otherwise. */
export const sourceDefaults = {
  schedule: { kind: 'CONTINUOUS' },
  /** What a source has to sort at once: more would grow its memory with the stretch. */
  batchRows: 100_000,
  resyncLimit: null,
  isEnabled: true,
  ignoredColumns: [] as string[],
} as const

const sourceColumnSchema = z.object({
  /** Of the attribute that it feeds: what everything else calls it. */
  name: z.string(),
  /** Its own name in the source, where that is another. */
  column: z.string().exactOptional(),
  type: z.enum(attributeTypes),
  nativeType: z.string(),
  nullable: z.boolean(),
})
export const sourceColumnsSchema = z.array(sourceColumnSchema)

export const connectionDocumentSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  settings,
})

/** What is read through a connection: a table, or a SELECT that a person wrote. */
export const querySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('table'),
    schema: z.string().exactOptional(),
    name: z.string(),
    /** Default: all. */
    columns: z.array(z.string()).exactOptional(),
    /** A condition on its rows, in the source's SQL. */
    where: z.string().exactOptional(),
  }),
  z.object({ kind: z.literal('sql'), sql: z.string() }),
])

export const sourceDocumentSchema = z.object({
  id: z.string(),
  name: z.string(),
  connectionId: z.string(),
  query: querySchema,
  keyColumns: z.array(z.string()).min(1),
  cursorMode: z.enum(cursorModes),
  timestampColumn: z.string().nullable(),
  incrementColumn: z.string().nullable(),
  timeZone: z.string(),
  settleMs: z.int().nonnegative(),
  pollIntervalMs: z.int().positive(),
  schedule: scheduleSchema.default(sourceDefaults.schedule),
  /** Most rows that one query reads; null: no limit. */
  batchRows: z.int().positive().nullable().default(sourceDefaults.batchRows),
  /** Most rows of a full resync; null: as many as its schedule allows. */
  resyncLimit: z.int().positive().nullable().default(sourceDefaults.resyncLimit),
  isEnabled: z.boolean().default(sourceDefaults.isEnabled),
  columns: sourceColumnsSchema,
  /** Columns that feed no attribute, by their own names. */
  ignoredColumns: z.array(z.string()).default(sourceDefaults.ignoredColumns),
})

export const segmentDocumentSchema = z.object({
  id: z.string(),
  name: z.string(),
  conditions: conditionsSchema,
  rescan: rescanSchema.exactOptional(),
  /** The data sources that the conditions are for; older versions don't tell. */
  dataSourceIds: z.array(z.string()).exactOptional(),
})

export const connectorDocumentSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  settings,
  isEnabled: z.boolean(),
})

export const startFroms = ['BEGINNING', 'NOW'] as const

export const templateDocumentSchema = z.object({
  /** The row's, where it has one: a draft has none, and older versions don't tell. */
  id: z.string().exactOptional(),
  /** Unique within its action: mappings and other templates name it so. */
  name: z.string(),
  kind: z.enum(templateKinds),
  format: z.literal('json').exactOptional(),
  source: z.string(),
})

/** A name for an attribute in templates, beside the name of its column. */
export const templateVariableSchema = z.object({ name: z.string(), attribute: z.string() })

export const actionDocumentSchema = z.object({
  id: z.string(),
  name: z.string(),
  connectorId: z.string(),
  dataSourceId: z.string(),
  segmentId: z.string(),
  type: z.string(),
  typeVersion: z.int().positive(),
  mappings: mappingsSchema,
  templates: z.array(templateDocumentSchema).default([]),
  templateVariables: z.array(templateVariableSchema).default([]),
  startFrom: z.enum(startFroms),
  retryDelaysMs: z.array(z.int().positive()),
  retryForMs: z.int().positive(),
  requestTimeoutMs: z.int().positive(),
  applyWithinMs: z.int().positive().nullable().default(null),
  isEnabled: z.boolean(),
})

export type Query = Readonly<z.output<typeof querySchema>>
export type TableQuery = Extract<Query, { readonly kind: 'table' }>
export type ConnectionDocument = Readonly<z.output<typeof connectionDocumentSchema>>
/** A column of a source by the name of its attribute. */
export type AttributedColumn = Readonly<z.output<typeof sourceColumnSchema>>
export type SourceDocument = Readonly<z.output<typeof sourceDocumentSchema>>
export type SegmentDocument = Readonly<z.output<typeof segmentDocumentSchema>>
export type ConnectorDocument = Readonly<z.output<typeof connectorDocumentSchema>>
export type TemplateDocument = Readonly<z.output<typeof templateDocumentSchema>>
export type ActionDocument = Readonly<z.output<typeof actionDocumentSchema>>

/** How much longer than the time-out a vendor may take to apply what it gave no answer to, unless the action says. */
const applyAfterTimeoutMs = 5_000

/** How long after it was sent the vendor may still apply a request that got no answer, in milliseconds. */
export function applyWithinMs({ applyWithinMs: given, requestTimeoutMs }: ActionDocument): number {
  return given ?? requestTimeoutMs + applyAfterTimeoutMs
}

/** Everything a version consists of. */
export interface VersionDocuments {
  readonly number: number
  readonly connections: readonly ConnectionDocument[]
  readonly sources: readonly SourceDocument[]
  readonly segments: readonly SegmentDocument[]
  readonly connectors: readonly ConnectorDocument[]
  readonly actions: readonly ActionDocument[]
}

/** The actions that run: switched on, and so are their connector and their data source. */
export function runningActions({
  actions,
  connectors,
  sources,
}: Pick<VersionDocuments, 'actions' | 'connectors' | 'sources'>): readonly ActionDocument[] {
  const enabled = new Set(
    [...connectors, ...sources].filter(({ isEnabled }) => isEnabled).map(({ id }) => id),
  )
  return actions.filter(
    ({ connectorId, dataSourceId, isEnabled }) =>
      isEnabled && enabled.has(connectorId) && enabled.has(dataSourceId),
  )
}
