/** A published version with one action, as `testAction` compiles it: an account with masked secrets, and a source of rows. */
import {
  type ActionMapping,
  type Connector,
  defineSource,
  type PublicSettings,
  secretNames,
  z,
} from '@sluice/connector-sdk'
import { sourceDefaults, type VersionDocuments } from '../../../engine/documents.ts'
import { type Mappings, mappingsSchema } from '../../../engine/mapping/mapping.ts'
import type { AttributeColumn } from '../../../engine/reading/columns.ts'
import type { TemplateKind, TemplateSource } from '../../../engine/templates/template.ts'
import { positionColumn } from './test-table.ts'

/** A template of the action: mappings and other templates call it by its name. */
export interface TestTemplate extends Omit<TemplateSource, 'kind'> {
  /** Default: `custom`, a text as it stands. */
  readonly kind?: TemplateKind
}

interface TestedParts {
  readonly settings: Record<string, unknown>
  readonly columns: readonly AttributeColumn[]
  readonly mapping: readonly ActionMapping[]
  readonly templates: readonly TestTemplate[]
}

/** Each secret as `<name>`: so it shows in requests. */
export function maskedSecrets({ settings }: Connector): Readonly<Record<string, string>> {
  return Object.fromEntries(secretNames(settings).map((name) => [name, `<${name}>`]))
}

/** Settings as the connector's form takes them, with its defaults and without secrets. */
export function readTestSettings(connector: Connector, given: PublicSettings): Record<string, unknown> {
  const secrets = maskedSecrets(connector)
  const { data, error } = connector.settings.safeParse({ ...given, ...secrets })
  if (error !== undefined) {
    throw new Error(`The settings do not fit "${connector.id}": ${z.prettifyError(error)}`)
  }
  return Object.fromEntries(Object.entries(data).filter(([name]) => !Object.hasOwn(secrets, name)))
}

function readMapping(mapping: readonly ActionMapping[]): Mappings {
  const { data, error } = mappingsSchema.safeParse(mapping)
  if (error !== undefined) throw new Error(`This is no mapping: ${z.prettifyError(error)}`)
  return data
}

/** @throws when the mapping is of no form that mappings have */
export function versionOf(
  connector: Connector,
  type: string,
  { columns, mapping, settings, templates }: TestedParts,
): VersionDocuments {
  const position = { name: positionColumn, type: 'string' } as const
  return {
    number: 1,
    connections: [{ id: 'connection', name: 'Records', type: recordSource.id, settings: {} }],
    sources: [
      {
        id: 'source',
        name: 'Records',
        connectionId: 'connection',
        query: { kind: 'table', name: 'records' },
        keyColumns: [positionColumn],
        cursorMode: 'INCREMENTING',
        timestampColumn: null,
        incrementColumn: positionColumn,
        timeZone: 'UTC',
        settleMs: 0,
        pollIntervalMs: 1_000,
        ...sourceDefaults,
        columns: [...columns, position].map((column) => ({ ...column, nativeType: '', nullable: true })),
      },
    ],
    segments: [{ id: 'segment', name: 'All', conditions: { any: [] } }],
    connectors: [{ id: connector.id, name: connector.name, type: connector.id, settings, isEnabled: true }],
    actions: [
      {
        id: type,
        name: type,
        connectorId: connector.id,
        dataSourceId: 'source',
        segmentId: 'segment',
        type,
        typeVersion: connector.actions[type]?.version ?? 1,
        mappings: readMapping(mapping),
        startFrom: 'BEGINNING',
        retryDelaysMs: [],
        retryForMs: 1,
        requestTimeoutMs: 10_000,
        applyWithinMs: null,
        templates: templates.map((template) => ({ kind: 'custom', ...template })),
        templateVariables: [],
        isEnabled: true,
      },
    ],
  }
}

const text = (value: string) => value

/** Rows that are there already: nothing is ever asked of it. */
export const recordSource = defineSource({
  id: 'records',
  name: 'Records',
  api: '*',
  docs: { summary: 'Records of a test.', links: [] },
  settings: z.object({}),
  defaultSettleMs: 0,
  dialect: {
    quote: text,
    parameter: String,
    text,
    value: text,
    contains: text,
    startsWith: text,
    endsWith: text,
    nativeType: text,
  },
  connect: () => Promise.reject(new Error('The records of a test are not read from a database.')),
})
