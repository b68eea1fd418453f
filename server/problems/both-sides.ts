/** The two sides of a conflict: what the edit wanted, and what is there; secrets are left out. */
import { isDeepStrictEqual } from 'node:util'
import { secretNames } from '@sluice/connector-sdk'
import type { Context } from '../context.ts'
import { shownValue } from '../versions/shown-value.ts'
import { isRecord } from '../workspaces/json.ts'
import type { EntityName, RevisionConflict } from './rules.ts'

export interface ConflictingField {
  readonly name: string
  readonly yours: unknown
  readonly theirs: unknown
}

type Fields = Readonly<Record<string, unknown>>

/** The fields of the edit that differ from what is there now. */
export async function bothSides(
  context: Context,
  { entity, entityId, edit }: RevisionConflict,
): Promise<readonly ConflictingField[]> {
  const present = await presentFields(context, entity, entityId)
  return Object.entries(edit)
    .filter(([name]) => name !== 'id' && name in present)
    .map(([name, value]) => ({
      name,
      yours:
        name === 'settings'
          ? withoutSecrets(context, entity, { ...present, ...edit }, value)
          : shownValue([name], value),
      theirs: shownValue([name], present[name]),
    }))
    .filter(({ yours, theirs }) => !isDeepStrictEqual(plain(yours), plain(theirs)))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

/** By the names that the inputs of its mutations have. */
async function presentFields({ db }: Context, entity: EntityName, id: string): Promise<Fields> {
  const where = { id }
  switch (entity) {
    case 'Workspace':
      return fieldsOf(await db.workspace.findUnique({ where, select: { name: true } }))
    case 'DataSourceConnection':
      return fieldsOf(await db.dataSourceConnection.findUnique({ where }))
    case 'DataSource':
      return fieldsOf(await db.dataSource.findUnique({ where }))
    case 'Segment': {
      const row = await db.segment.findUnique({ where, include: { sources: true } })
      return fieldsOf(row && { ...row, dataSourceIds: row.sources.map(({ dataSourceId }) => dataSourceId) })
    }
    case 'Label':
      return fieldsOf(await db.label.findUnique({ where }))
    case 'Connector':
      return fieldsOf(await db.connector.findUnique({ where }))
    case 'Action':
      return fieldsOf(await db.action.findUnique({ where }))
    case 'Template':
      return fieldsOf(await db.template.findUnique({ where }))
    default:
      return {}
  }
}

function fieldsOf(row: object | null): Fields {
  const { id, revision, secrets, ...fields }: Fields = { ...row }
  return fields
}

/** The form of the plugin tells what is secret; without it nothing of the settings is shown. */
function withoutSecrets(
  { deps: { registry } }: Context,
  entity: EntityName,
  { type }: Fields,
  settings: unknown,
): unknown {
  const installed = entity === 'Connector' ? registry.connector(String(type)) : registry.source(String(type))
  if (installed === undefined || !isRecord(settings)) return undefined
  const secret = secretNames(installed.definition.settings)
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !secret.includes(name)))
}

/** GraphQL's inputs have no prototype, and dates are texts. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
