/** Labels: created, renamed, recoloured, merged, deleted. What bears one keeps its revision: nothing that runs changes. */
import type { Label, Prisma } from '../../prisma/generated/client/client.ts'
import { requireRight, within } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { InvalidInput, NotFound, RevisionConflict } from '../problems/rules.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { carryLabels } from './bearers.ts'
import { labelSchema } from './rules.ts'

interface LabelFields {
  readonly name: string
  readonly colour: string
}

export interface CreateLabel extends LabelFields {
  readonly workspaceId: string
}

interface NamedLabel {
  readonly id: string
  readonly revision: number
}

export type RenameLabel = NamedLabel & Pick<LabelFields, 'name'>
export type RecolourLabel = NamedLabel & Pick<LabelFields, 'colour'>

export interface MergeLabels extends NamedLabel {
  readonly otherIds: readonly string[]
}

type Verb = 'renameLabel' | 'recolourLabel' | 'mergeLabels'

export async function createLabel(context: Context, input: CreateLabel): Promise<string> {
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'edit')
  const { name, colour } = readLabel(input)
  return namedOnce('Label', name, () =>
    context.db.$transaction(async (tx) => {
      const { id } = await tx.label.create({ data: { workspaceId, name, colour } })
      await recordChange(tx, context, { workspaceId, verb: 'createLabel', entity: 'Label', entityId: id })
      return id
    }),
  )
}

export async function renameLabel(context: Context, { name, ...named }: RenameLabel): Promise<string> {
  const current = await findLabel(context, named)
  const fields = readLabel({ ...current, name })
  await namedOnce('Label', fields.name, () => save(context, current, 'renameLabel', { name: fields.name }))
  return current.id
}

export async function recolourLabel(context: Context, { colour, ...named }: RecolourLabel): Promise<string> {
  const current = await findLabel(context, named)
  const fields = readLabel({ ...current, colour })
  await save(context, current, 'recolourLabel', { colour: fields.colour })
  return current.id
}

/** What bears one of the others bears this one; the others go. */
export async function mergeLabels(context: Context, { otherIds, ...named }: MergeLabels): Promise<string> {
  const current = await findLabel(context, named)
  const { id, workspaceId } = current
  const others = [...new Set(otherIds)].filter((other) => other !== id)
  await assertLabels(context, workspaceId, others)
  await save(context, current, 'mergeLabels', {}, async (tx) => {
    await carryLabels(tx, { workspaceId, from: others, to: id })
    await tx.label.deleteMany({ where: { workspaceId, id: { in: others } } })
  })
  return id
}

/** Takes it off everything; returns its workspace. */
export async function deleteLabel(context: Context, named: NamedLabel): Promise<string> {
  const { id, revision, workspaceId } = await findLabel(context, named)
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.label.deleteMany({ where: { id, workspaceId, revision } })
    if (count === 0) await throwChanged(tx, id)
    await recordChange(tx, context, { workspaceId, verb: 'deleteLabel', entity: 'Label', entityId: id })
  })
  return workspaceId
}

/** Fails unless all of these are labels of the workspace. */
export async function assertLabels(
  { db }: Pick<Context, 'db'>,
  workspaceId: string,
  ids: readonly string[],
): Promise<void> {
  const found = await db.label.findMany({
    where: { workspaceId, id: { in: [...ids] } },
    select: { id: true },
  })
  const missing = ids.find((id) => !found.some((label) => label.id === id))
  if (missing !== undefined) throw new NotFound('Label', missing)
}

async function findLabel({ db, access }: Context, { id, revision }: NamedLabel): Promise<Label> {
  const label = await db.label.findUnique({ where: { id, ...within(access) } })
  if (label === null) throw new NotFound('Label', id)
  requireRight(access, label.workspaceId, 'edit')
  if (label.revision !== revision) throw new RevisionConflict('Label', id, label.revision)
  return label
}

async function save(
  context: Context,
  { id, workspaceId, revision }: Label,
  verb: Verb,
  data: Partial<LabelFields>,
  also: (tx: Prisma.TransactionClient) => Promise<void> = async () => {},
): Promise<void> {
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.label.updateMany({
      where: { id, workspaceId, revision },
      data: { ...data, revision: { increment: 1 } },
    })
    if (count === 0) await throwChanged(tx, id)
    await also(tx)
    await recordChange(tx, context, { workspaceId, verb, entity: 'Label', entityId: id })
  })
}

async function throwChanged(tx: Prisma.TransactionClient, id: string): Promise<never> {
  const changed = await tx.label.findUnique({ where: { id } })
  if (changed === null) throw new NotFound('Label', id)
  throw new RevisionConflict('Label', id, changed.revision)
}

function readLabel(fields: LabelFields): LabelFields {
  const read = labelSchema.safeParse(fields)
  if (read.success) return read.data
  throw new InvalidInput(issuesOf(read.error.issues))
}
