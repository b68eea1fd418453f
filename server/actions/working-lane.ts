/** An action of the working copy, compiled as publishing would compile it, and some items of its source. */
import { randomUUID } from 'node:crypto'
import { type CompiledLane, compileLane } from '../../engine/compile.ts'
import { type Item, itemOf } from '../../engine/delivering/item.ts'
import type { DeliveryFacts } from '../../engine/mapping/metadata.ts'
import { keyOf } from '../../engine/reading/position.ts'
import { rowsStatement, stretchStatement } from '../../engine/reading/statements.ts'
import type { Right } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { askSource } from '../sources/ask-source.ts'
import { firstRows } from '../sources/first-rows.ts'
import { jsonRow } from '../sources/json-rows.ts'
import { lastPosition } from '../sources/last-position.ts'
import { type ReadableSource, toConnect } from '../sources/look-into.ts'
import { digest } from '../templates/digest.ts'
import { configurationProblems } from '../versions/configuration-problems.ts'
import { readWorkingCopy } from '../versions/working-copy.ts'
import type { JsonObject } from '../workspaces/json.ts'
import { openSecrets, type Secrets } from '../workspaces/secrets.ts'
import { placeOf, preparedOutputs } from './preparations.ts'
import { findAction } from './service.ts'

export interface WorkingLane {
  readonly workspaceId: string
  /** As in a delivery of its own, which is no real one. */
  readonly lane: CompiledLane
  readonly delivery: DeliveryFacts
  /** Whether all is there that the action needs at the vendor; else its outputs are stand-ins. */
  readonly isPrepared: boolean
  readonly source: ReadableSource
  /** The connector's, opened. */
  readonly secrets: Secrets
}

/** A row that meets the segment, with what becomes of it. It lives in the response only. */
export interface Sample {
  readonly item: Item
  /** The values of the key columns, as the source's own texts. */
  readonly key: readonly string[]
  /** The attributes that segment and mappings read, by name. */
  readonly record: JsonObject
}

/** Fails with everything that keeps the action from running. */
export async function workingLane(context: Context, id: string, right: Right): Promise<WorkingLane> {
  const { db, deps } = context
  const { connectorId, dataSourceId, segmentId, type, workspaceId } = await findAction(context, id, right)
  const copy = await readWorkingCopy(db, workspaceId)
  const source = copy.sourceRows.get(dataSourceId)
  if (source === undefined) throw new NotFound('DataSource', dataSourceId)
  const key = await deps.workspaceKeys.of(workspaceId)
  const secretsOf = (connector: string) => openSecrets(key, copy.connectorSecrets.get(connector) ?? null)

  const concerned = new Set([id, connectorId, dataSourceId, segmentId])
  const problems = configurationProblems({ registry: deps.registry, secretsOf }, copy)
  const own = problems.filter(({ entityId }) => concerned.has(entityId))
  if (own.length > 0) throw new InvalidInput(own)
  const last = await db.version.aggregate({ where: { workspaceId }, _max: { number: true } })
  const number = (last._max.number ?? 0) + 1
  const version = compileLane({ number, ...copy.documents }, id, deps.registry.plugins, { digest })
  const names = version.actionDefinition.prepare?.outputs ?? []
  const outputs = names.length === 0 ? {} : await preparedOutputs(db, key, placeOf({ id, connectorId, type }))
  const delivery = {
    id: randomUUID(),
    createdAt: deps.clock().getTime(),
    prepared: outputs ?? Object.fromEntries(names.map((name) => [name, `(${name})`])),
    tokenSign: randomUUID(),
  }
  const lane = version.inDelivery(delivery)
  const isPrepared = outputs !== null
  return { workspaceId, lane, delivery, isPrepared, source, secrets: secretsOf(connectorId) }
}

/** The first rows that meet the segment, in the order of change. */
export function firstSamples(
  deps: Context['deps'],
  { lane, source }: WorkingLane,
  limit: number,
): Promise<readonly Sample[]> {
  return askSource(deps, toConnect(source.connection), async (connection, signal) => {
    const until = await lastPosition(connection, lane.dialect, lane.source)
    if (until === null) return []
    const statement = stretchStatement(lane, { after: null, until }, lane.prefilter)
    return firstRows(connection.stream(statement, signal), limit, (batch, row) => sampleOf(lane, batch, row))
  })
}

/** The row with this key. */
export async function sampleWithKey(
  deps: Context['deps'],
  { lane, source }: WorkingLane,
  key: readonly string[],
): Promise<Sample> {
  const { keyColumns, name } = lane.source
  if (key.length !== keyColumns.length) {
    const message = `Give a value for each key column, in this order: ${keyColumns.join(', ')}.`
    throw new InvalidInput([{ path: ['key'], code: 'invalid_row_key', message }])
  }
  const batch = await askSource(deps, toConnect(source.connection), async (connection) => {
    const until = await lastPosition(connection, lane.dialect, lane.source)
    return until === null ? null : connection.query(rowsStatement(lane, [key], until))
  })
  if (batch === null || batch.length === 0) {
    const message = `The data source "${name}" has no row with this key. A dry run lists the keys of some.`
    throw new InvalidInput([{ path: ['key'], code: 'unknown_row', message }])
  }
  const sample = sampleOf(lane, batch, 0)
  if (sample !== null) return sample
  const message = 'The row does not meet the segment of the action, so that it would never be sent.'
  throw new InvalidInput([{ path: ['key'], code: 'row_not_in_segment', message }])
}

function sampleOf(lane: CompiledLane, batch: Parameters<typeof itemOf>[1], row: number): Sample | null {
  const item = itemOf(lane, batch, row)
  if (item === null) return null
  return {
    item,
    key: keyOf(lane.source, item.position),
    record: jsonRow(lane.attributes, batch.columns, row),
  }
}
