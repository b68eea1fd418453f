/** Data sources: created and changed only as the live source bears them out. */
import { isDeepStrictEqual } from 'node:util'
import { type Query, querySchema, sourceColumnsSchema, sourceDefaults } from '../../engine/documents.ts'
import { scheduleSchema } from '../../engine/reading/schedule.ts'
import type { DataSource } from '../../prisma/generated/client/client.ts'
import { type Right, requireRight, within } from '../access/rules.ts'
import { actionsUsing } from '../actions/users-of.ts'
import type { ColumnAttribute } from '../attributes/rules.ts'
import { type Taking, takeAttributes } from '../attributes/take-attributes.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import {
  InUse,
  InvalidInput,
  NotFound,
  RevisionConflict,
  rejectIssues,
  type User,
} from '../problems/rules.ts'
import { asJsonArray, asJsonObject } from '../workspaces/json.ts'
import { nameIssues } from '../workspaces/name-issues.ts'
import { present } from '../workspaces/present.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { type AdmittedSource, admitSource, readDraft, type WantedSource } from './admit-source.ts'
import { columnsByName } from './columns-by-name.ts'
import { type CursorMode, defaultPollIntervalMs, type WantedSchedule } from './rules.ts'
import { pacingFields, storedFields } from './stored-fields.ts'

/** What an update may leave out. */
interface SourceFields {
  readonly name: string
  readonly connectionId: string
  readonly query: Query | null
  readonly keyColumns: readonly string[]
  readonly cursorMode: CursorMode
  readonly timestampColumn: string | null
  readonly incrementColumn: string | null
  readonly timeZone: string
  readonly settleMs: number
  readonly pollIntervalMs: number
  readonly schedule: WantedSchedule
  readonly batchRows: number | null
  readonly resyncLimit: number | null
  readonly isEnabled: boolean
  readonly attributes: readonly ColumnAttribute[]
}

type NeededField = 'name' | 'connectionId' | 'keyColumns' | 'cursorMode'

export interface CreateDataSource
  extends Pick<SourceFields, NeededField>,
    Partial<Omit<SourceFields, NeededField>> {
  readonly workspaceId: string
}

export interface UpdateDataSource extends Partial<SourceFields> {
  readonly id: string
  readonly revision: number
}

export async function createDataSource(context: Context, input: CreateDataSource): Promise<string> {
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'edit')
  const wanted: WantedSource = {
    query: null,
    queryBefore: null,
    timestampColumn: null,
    incrementColumn: null,
    timeZone: 'UTC',
    settleMs: null,
    pollIntervalMs: defaultPollIntervalMs,
    ...sourceDefaults,
    attributes: [],
    columnsBefore: { columns: [], ignoredColumns: [] },
    ...input,
  }
  const admitted = await admitSource(context, workspaceId, null, wanted)
  return namedOnce('DataSource', wanted.name, () =>
    context.db.$transaction(async (tx) => {
      await takeAttributes(tx, takingOf(admitted, workspaceId, null))
      const { id } = await tx.dataSource.create({ data: { workspaceId, ...storedFields(admitted) } })
      await recordChange(tx, context, {
        workspaceId,
        verb: 'createDataSource',
        entity: 'DataSource',
        entityId: id,
      })
      return id
    }),
  )
}

export async function updateDataSource(context: Context, input: UpdateDataSource): Promise<string> {
  const { id, revision, ...changes } = input
  const current = await findSource(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('DataSource', id, current.revision)
  const before = wantedOf(current)
  // Another file names its only table anew: nobody should have to repeat that.
  const moved = 'connectionId' in changes ? { query: null, queryBefore: before.query } : {}
  const wanted: WantedSource = { ...before, ...moved, ...changes }
  const admitted = needsSource(changes)
    ? await admitSource(context, current.workspaceId, id, wanted)
    : undefined
  const data = admitted ? storedFields(admitted) : admitWithoutSource(context, wanted, current.settleMs)
  await namedOnce('DataSource', wanted.name, () => save(context, current, 'updateDataSource', data, admitted))
  return id
}

/** Another one that reads the same, from its own beginning: nothing of what was read is copied. */
export async function duplicateDataSource(
  context: Context,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<string> {
  const current = await findSource(context, id, 'edit')
  rejectIssues(nameIssues(name))
  const { id: _id, revision: _revision, createdAt: _createdAt, updatedAt: _updatedAt, ...copied } = current
  const { workspaceId } = current
  const query = asJsonObject(querySchema.parse(current.query))
  const columns = asJsonArray(sourceColumnsSchema.parse(current.columns))
  const schedule = scheduleSchema.parse(current.schedule)
  return namedOnce('DataSource', name, () =>
    context.db.$transaction(async (tx) => {
      const data = { ...copied, name, query, columns, schedule, isRead: false }
      const copy = await tx.dataSource.create({ data })
      await recordChange(tx, context, {
        workspaceId,
        verb: 'duplicateDataSource',
        entity: 'DataSource',
        entityId: copy.id,
      })
      return copy.id
    }),
  )
}

/** Looks at the live source again; keeps the columns that it has now, if all is well. */
export async function checkDataSource(context: Context, { id }: { readonly id: string }): Promise<string> {
  const current = await findSource(context, id, 'edit')
  const admitted = await admitSource(context, current.workspaceId, id, wantedOf(current))
  const columns = asJsonArray(admitted.named.columns)
  if (!isDeepStrictEqual(columns, current.columns))
    await save(context, current, 'checkDataSource', { columns }, admitted)
  return id
}

/** What runs keeps it, until a version without it is published. */
export async function deleteDataSource(
  context: Context,
  { id, revision }: { readonly id: string; readonly revision: number },
): Promise<string> {
  const current = await findSource(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('DataSource', id, current.revision)
  const users = await usersOfSource(context.db, current)
  if (users.length > 0) throw new InUse('DataSource', users)
  await save(context, current, 'deleteDataSource', { deletedAt: context.deps.clock() })
  return id
}

async function usersOfSource(db: Context['db'], { id, workspaceId }: DataSource): Promise<readonly User[]> {
  const segments = await db.segment.findMany({
    where: { workspaceId, sources: { some: { dataSourceId: id } }, ...present },
    select: { id: true, name: true },
    orderBy: { name: 'asc' },
  })
  return [
    ...segments.map((segment) => ({ entity: 'Segment' as const, ...segment })),
    ...(await actionsUsing(db, { workspaceId, dataSourceId: id })),
  ]
}

async function findSource({ db, access }: Context, id: string, right: Right): Promise<DataSource> {
  const source = await db.dataSource.findUnique({ where: { id, ...within(access), ...present } })
  if (source === null) throw new NotFound('DataSource', id)
  requireRight(access, source.workspaceId, right)
  return source
}

type Changes = Partial<ReturnType<typeof storedFields>> & { readonly deletedAt?: Date }

async function save(
  context: Context,
  { id, workspaceId, revision }: DataSource,
  verb: string,
  data: Changes,
  admitted?: AdmittedSource,
): Promise<void> {
  await context.db.$transaction(async (tx) => {
    if (admitted) await takeAttributes(tx, takingOf(admitted, workspaceId, id))
    const { count } = await tx.dataSource.updateMany({
      where: { id, workspaceId, revision },
      data: { ...data, revision: { increment: 1 } },
    })
    if (count === 0) {
      const changed = await tx.dataSource.findUniqueOrThrow({ where: { id } })
      throw new RevisionConflict('DataSource', id, changed.revision)
    }
    await recordChange(tx, context, { workspaceId, verb, entity: 'DataSource', entityId: id })
  })
}

/** Renaming, pacing and switching must work while the source is down. */
function needsSource(changes: Partial<SourceFields>): boolean {
  const {
    name,
    pollIntervalMs,
    settleMs,
    timeZone,
    schedule,
    batchRows,
    resyncLimit,
    isEnabled,
    ...reading
  } = changes
  return Object.keys(reading).length > 0
}

function admitWithoutSource({ deps }: Context, wanted: WantedSource, currentSettleMs: number): Changes {
  const reading = readDraft({ ...wanted, settleMs: wanted.settleMs ?? currentSettleMs }, deps.clock())
  if (!reading.ok) throw new InvalidInput(reading.issues)
  return pacingFields(reading.draft)
}

function wantedOf(row: DataSource): WantedSource {
  const { columns, ...order } = columnsByName(row)
  return {
    name: row.name,
    connectionId: row.connectionId,
    query: querySchema.parse(row.query),
    queryBefore: null,
    ...order,
    cursorMode: row.cursorMode,
    timeZone: row.timeZone,
    settleMs: row.settleMs,
    pollIntervalMs: row.pollIntervalMs,
    schedule: scheduleSchema.parse(row.schedule),
    batchRows: row.batchRows,
    resyncLimit: row.resyncLimit,
    isEnabled: row.isEnabled,
    attributes: [],
    columnsBefore: { columns, ignoredColumns: row.ignoredColumns },
  }
}

function takingOf(
  { draft, named }: AdmittedSource,
  workspaceId: string,
  dataSourceId: string | null,
): Taking {
  return { workspaceId, dataSourceId, columns: named.columns, given: draft.attributes }
}
