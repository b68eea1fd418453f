/** Data sources take attributes for their columns: those that there are, if they are of the same type, and new ones. */
import { type AttributedColumn, sourceColumnsSchema } from '../../engine/documents.ts'
import { nameInSource } from '../../engine/reading/columns.ts'
import { typeNames } from '../../engine/rules/type-names.ts'
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { type Issue, rejectIssues } from '../problems/rules.ts'
import { lockWorkspace } from '../workspaces/lock-workspace.ts'
import { present } from '../workspaces/present.ts'
import { pathOf } from './name-columns.ts'
import { type ColumnAttribute, mostAttributes, TooManyAttributes } from './rules.ts'

export interface Taking {
  readonly workspaceId: string
  /** The source that takes them; null: one that is not created yet. */
  readonly dataSourceId: string | null
  readonly columns: readonly AttributedColumn[]
  /** What somebody said of columns, for the paths of issues. */
  readonly given: readonly ColumnAttribute[]
}

type Db = Pick<Context['db'], 'attribute' | 'dataSource'>

/** Attributes that there are of another type, in the order of the columns. */
export async function typeIssues(db: Db, taking: Taking): Promise<readonly Issue[]> {
  const differing = await differingColumns(db, taking)
  return differing.filter(({ others }) => others !== null).map((each) => typeIssue(taking, each))
}

/** Before anything else in its transaction: the lock is one that all changes of attributes take. */
export async function takeAttributes(tx: Prisma.TransactionClient, taking: Taking): Promise<void> {
  const { workspaceId, columns } = taking
  await lockWorkspace(tx, workspaceId)
  const differing = await differingColumns(tx, taking)
  rejectIssues(differing.filter(({ others }) => others !== null).map((each) => typeIssue(taking, each)))
  const existing = await tx.attribute.findMany({ where: { workspaceId }, select: { name: true } })
  const known = new Set(existing.map(({ name }) => name))
  const missing = columns.filter(({ name }) => !known.has(name))
  if (missing.length > 0 && known.size + missing.length > mostAttributes) {
    throw new TooManyAttributes(known.size, missing.length)
  }
  await tx.attribute.createMany({ data: missing.map(({ name, type }) => ({ workspaceId, name, type })) })
  await retype(
    tx,
    workspaceId,
    differing.map(({ column }) => column),
  )
}

export interface DifferingColumn {
  readonly column: AttributedColumn
  readonly type: AttributedColumn['type']
  /** The names of other sources that feed the attribute; null: it is the column's own and follows its type. */
  readonly others: readonly string[] | null
}

async function differingColumns(
  db: Db,
  { workspaceId, dataSourceId, columns }: Taking,
): Promise<readonly DifferingColumn[]> {
  const names = columns.map(({ name }) => name)
  const attributes = await db.attribute.findMany({ where: { workspaceId, name: { in: names } } })
  const types = new Map(attributes.map(({ name, type }) => [name, type]))
  const differing = columns.flatMap((column) => {
    const type = types.get(column.name)
    return type === undefined || type === column.type ? [] : [{ column, type }]
  })
  if (differing.length === 0) return []
  const rows = await db.dataSource.findMany({ where: { workspaceId, ...present }, orderBy: { name: 'asc' } })
  const sources = rows.map((row) => ({
    ...{ id: row.id, name: row.name },
    fed: new Set(sourceColumnsSchema.parse(row.columns).map(({ name }) => name)),
  }))
  return differing.map(({ column, type }) => {
    const feeders = sources.filter(({ fed }) => fed.has(column.name))
    const others = feeders.filter(({ id }) => id !== dataSourceId)
    const isOwn = others.length === 0 && feeders.length > 0
    return { column, type, others: isOwn ? null : others.map(({ name }) => name) }
  })
}

export function typeIssue(
  { given }: Pick<Taking, 'given'>,
  { column, type, others }: DifferingColumn,
): Issue {
  const own = nameInSource(column)
  const feeding =
    others === null || others.length === 0
      ? ''
      : `, which ${others.map((name) => `"${name}"`).join(', ')} ${others.length === 1 ? 'feeds' : 'feed'}`
  const message = `The column "${own}" is ${typeNames[column.type]}, and the attribute "${column.name}"${feeding} is ${typeNames[type]}. Give the column an attribute of another name, with \`attributes\`.`
  return { path: pathOf(given, own), code: 'attribute_type', message }
}

async function retype(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  columns: readonly AttributedColumn[],
): Promise<void> {
  if (columns.length === 0) return
  const types = columns.map(({ name, type }) => Prisma.sql`(${name}, ${type}::attribute_type)`)
  await tx.$executeRaw`
    UPDATE attribute SET type = wanted.type, revision = revision + 1, updated_at = now()
    FROM (VALUES ${Prisma.join(types)}) AS wanted (name, type)
    WHERE attribute.workspace_id = ${workspaceId}::uuid AND attribute.name = wanted.name`
}
