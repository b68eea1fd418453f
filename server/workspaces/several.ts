/** Several things of one kind and workspace, named together: changed all or none, and all that stands in the way told at once. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { type Right, requireRight, within } from '../access/rules.ts'
import { recordChanges } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue, NotFound, rejectIssues } from '../problems/rules.ts'
import { present } from './present.ts'

type Tx = Prisma.TransactionClient
type Where = ReturnType<typeof within> & { readonly id: { readonly in: string[] }; readonly deletedAt?: null }

const select = { id: true, workspaceId: true } as const

const finders = {
  Segment: (db: Context['db'], where: Where) => db.segment.findMany({ where, select }),
  Connector: (db: Context['db'], where: Where) => db.connector.findMany({ where, select }),
  Action: (db: Context['db'], where: Where) => db.action.findMany({ where, select }),
} as const

/** What can be named together with others. */
export type SeveralEntity = keyof typeof finders

interface NamedTogether {
  readonly entity: SeveralEntity
  readonly ids: readonly string[]
  readonly right: Right
  /** Where the input names them. */
  readonly field: string
  /** What is deleted in the working copy may run still. */
  readonly isDeletedToo?: boolean
}

/** Their one workspace, and which of them are there; fails where none is. */
async function findSeveral(
  { access, db }: Pick<Context, 'access' | 'db'>,
  { entity, field, ids, isDeletedToo = false, right }: NamedTogether,
): Promise<{ readonly workspaceId: string; readonly found: ReadonlySet<string> }> {
  const rows = await finders[entity](db, {
    id: { in: [...ids] },
    ...within(access),
    ...(isDeletedToo ? {} : present),
  })
  const [workspaceId, ...others] = new Set(rows.map((row) => row.workspaceId))
  if (workspaceId === undefined) throw new NotFound(entity, ids[0] ?? '')
  if (others.length > 0) {
    const message = 'What is named here is of several workspaces: name that of one at a time.'
    throw new InvalidInput([{ path: [field], code: 'several_workspaces', message }])
  }
  requireRight(access, workspaceId, right)
  return { workspaceId, found: new Set(rows.map(({ id }) => id)) }
}

/** The same, failing where any of them is missing. */
export async function requireSeveral(
  context: Pick<Context, 'access' | 'db'>,
  named: NamedTogether,
): Promise<string> {
  const { found, workspaceId } = await findSeveral(context, named)
  const missing = named.ids.find((id) => !found.has(id))
  if (missing !== undefined) throw new NotFound(named.entity, missing)
  return workspaceId
}

/** A thing as somebody read it. */
export interface Named {
  readonly id: string
  readonly revision: number
}

/** A thing as it is: it stays so until the transaction ends. */
export interface LockedRow extends Named {
  readonly name: string
  readonly isEnabled: boolean
}

const switched = {
  Connector: { table: 'connector', field: 'connectors', word: 'connector' },
  Action: { table: 'action', field: 'actions', word: 'action' },
} as const satisfies Partial<Record<SeveralEntity, object>>

export interface ChangeOfSeveral {
  readonly entity: keyof typeof switched
  readonly named: readonly Named[]
  /** The mutation's name. */
  readonly verb: string
  /** Whether a thing is as it is wanted: then it needs no edit, and a repeated request is no conflict. */
  readonly isDone?: (row: LockedRow) => boolean
  /** What else stands in the way of a thing. */
  readonly problemsOf?: (
    tx: Tx,
    workspaceId: string,
    rows: readonly LockedRow[],
  ) => Promise<ReadonlyMap<string, Omit<Issue, 'path'>>>
  readonly change: (tx: Tx, workspaceId: string, ids: string[]) => Promise<void>
}

/** Returns the ids of all of them. */
export async function changeSeveral(
  context: Context,
  { change, entity, isDone = () => false, named, problemsOf, verb }: ChangeOfSeveral,
): Promise<readonly string[]> {
  const { field, table, word } = switched[entity]
  const ids = [...new Set(named.map(({ id }) => id))]
  const { workspaceId } = await findSeveral(context, { entity, ids, field, right: 'edit' })
  await context.db.$transaction(async (tx) => {
    const rows = new Map((await lock(tx, table, workspaceId, ids)).map((row) => [row.id, row]))
    const open = [...rows.values()].filter((row) => !isDone(row))
    const others = await problemsOf?.(tx, workspaceId, open)
    const issues = named.flatMap(({ id, revision }, index): readonly Issue[] => {
      const row = rows.get(id)
      if (row === undefined) return [unknown(word, [field, index, 'id'])]
      const other = others?.get(id)
      return [
        ...(isDone(row) || row.revision === revision ? [] : [changed(word, row, [field, index, 'revision'])]),
        ...(other === undefined ? [] : [{ path: [field, index], ...other }]),
      ]
    })
    rejectIssues(issues)
    const changing = open.map(({ id }) => id)
    await change(tx, workspaceId, changing)
    await recordChanges(
      tx,
      context,
      changing.map((entityId) => ({ workspaceId, verb, entity, entityId })),
    )
  })
  return ids
}

function lock(
  tx: Tx,
  table: string,
  workspaceId: string,
  ids: readonly string[],
): Promise<readonly LockedRow[]> {
  // Always in the same order: two of them never wait for each other.
  return tx.$queryRaw`
    SELECT id, name, revision, is_enabled AS "isEnabled" FROM ${Prisma.raw(table)}
    WHERE workspace_id = ${workspaceId}::uuid AND id = ANY(${[...ids]}::uuid[]) AND deleted_at IS NULL
    ORDER BY id FOR UPDATE`
}

function unknown(word: string, path: Issue['path']): Issue {
  return { path, code: `unknown_${word}`, message: `There is no ${word} with this id in the workspace.` }
}

function changed(word: string, { name, revision }: LockedRow, path: Issue['path']): Issue {
  const message = `The ${word} "${name}" was changed meanwhile: it is at revision ${revision}. Read it again, then repeat the edit with that revision.`
  return { path, code: 'revision_conflict', message }
}
