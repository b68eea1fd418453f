/** Attributes: made for columns of data sources or by hand, described, deleted once nothing uses them. */
import type { Attribute, Prisma } from '../../prisma/generated/client/client.ts'
import { type Right, requireRight, within } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { NotFound, RevisionConflict, rejectIssues } from '../problems/rules.ts'
import { lockWorkspace } from '../workspaces/lock-workspace.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { usesOfAttributes } from './find-uses.ts'
import {
  AttributeInUse,
  attributeNameSchema,
  attributeNotesSchema,
  mostAttributes,
  TooManyAttributes,
} from './rules.ts'

export interface CreateAttribute extends Pick<Attribute, 'name' | 'type'> {
  readonly workspaceId: string
  readonly notes?: string
}

export interface UpdateAttribute {
  readonly id: string
  readonly revision: number
  readonly notes: string
}

export interface DeleteAttribute {
  readonly id: string
  readonly revision: number
}

export async function createAttribute(context: Context, input: CreateAttribute): Promise<string> {
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'edit')
  const { name, type, notes = '' } = input
  rejectIssues([
    ...issuesOf(attributeNameSchema.safeParse(name).error?.issues ?? [], ['name']),
    ...notesIssues(notes),
  ])
  return namedOnce('Attribute', name, () =>
    context.db.$transaction(async (tx) => {
      await lockWorkspace(tx, workspaceId)
      const total = await tx.attribute.count({ where: { workspaceId } })
      if (total >= mostAttributes) throw new TooManyAttributes(total, 1)
      const { id } = await tx.attribute.create({ data: { workspaceId, name, type, notes } })
      await recordChange(tx, context, {
        workspaceId,
        verb: 'createAttribute',
        entity: 'Attribute',
        entityId: id,
      })
      return id
    }),
  )
}

export async function updateAttribute(context: Context, input: UpdateAttribute): Promise<string> {
  const { id, revision, notes } = input
  const current = await findAttribute(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('Attribute', id, current.revision)
  rejectIssues(notesIssues(notes))
  const { workspaceId } = current
  await context.db.$transaction(async (tx) => {
    await saveAttribute(tx, current, { notes })
    await recordChange(tx, context, {
      workspaceId,
      verb: 'updateAttribute',
      entity: 'Attribute',
      entityId: id,
    })
  })
  return id
}

/** Returns the workspace that it was in. */
export async function deleteAttribute(context: Context, { id, revision }: DeleteAttribute): Promise<string> {
  const current = await findAttribute(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('Attribute', id, current.revision)
  const { workspaceId, name } = current
  await context.db.$transaction(async (tx) => {
    // Data sources take attributes under the same lock.
    await lockWorkspace(tx, workspaceId)
    const uses = (await usesOfAttributes(tx, workspaceId, [name])).get(name) ?? []
    if (uses.length > 0) throw new AttributeInUse(name, uses)
    const { count } = await tx.attribute.deleteMany({ where: { id, workspaceId, revision } })
    if (count === 0) await throwChanged(tx, id)
    await recordChange(tx, context, {
      workspaceId,
      verb: 'deleteAttribute',
      entity: 'Attribute',
      entityId: id,
    })
  })
  return workspaceId
}

export async function findAttribute({ db, access }: Context, id: string, right: Right): Promise<Attribute> {
  const attribute = await db.attribute.findUnique({ where: { id, ...within(access) } })
  if (attribute === null) throw new NotFound('Attribute', id)
  requireRight(access, attribute.workspaceId, right)
  return attribute
}

export async function saveAttribute(
  tx: Prisma.TransactionClient,
  { id, workspaceId, revision }: Attribute,
  data: Partial<Pick<Attribute, 'name' | 'notes'>>,
): Promise<void> {
  const { count } = await tx.attribute.updateMany({
    where: { id, workspaceId, revision },
    data: { ...data, revision: { increment: 1 } },
  })
  if (count === 0) await throwChanged(tx, id)
}

async function throwChanged(tx: Prisma.TransactionClient, id: string): Promise<never> {
  const changed = await tx.attribute.findUnique({ where: { id } })
  if (changed === null) throw new NotFound('Attribute', id)
  throw new RevisionConflict('Attribute', id, changed.revision)
}

function notesIssues(notes: string) {
  return issuesOf(attributeNotesSchema.safeParse(notes).error?.issues ?? [], ['notes'])
}
