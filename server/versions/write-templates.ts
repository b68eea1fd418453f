/** Gives actions the templates that their documents have: those that stay keep their ids and revisions. */
import { randomUUID } from 'node:crypto'
import type { ActionDocument } from '../../engine/documents.ts'
import type { Prisma, Template } from '../../prisma/generated/client/client.ts'
import { storedTemplate } from '../templates/rules.ts'

export async function writeTemplates(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  actions: readonly ActionDocument[],
): Promise<void> {
  const present = await tx.template.findMany({
    where: { workspaceId, actionId: { in: actions.map(({ id }) => id) } },
  })
  const byId = new Map(present.map((template) => [template.id, template]))
  const byName = new Map(present.map((template) => [placeOf(template.actionId, template.name), template]))
  const wanted = actions.flatMap(({ id: actionId, templates }) =>
    templates.map((document) => {
      const { id } = document
      const old =
        (id === undefined ? undefined : byId.get(id)) ?? byName.get(placeOf(actionId, document.name))
      const draft = storedTemplate(document)
      return { ...draft, id: id ?? old?.id ?? randomUUID(), actionId, old }
    }),
  )
  const staying = new Set(wanted.filter(isUnchanged).map(({ id }) => id))
  const leaving = present.filter(({ id }) => !staying.has(id))
  // Names may have been swapped: all that changes leaves before any of it comes back.
  await tx.template.deleteMany({ where: { workspaceId, id: { in: leaving.map(({ id }) => id) } } })
  await tx.template.createMany({
    data: wanted
      .filter(({ id }) => !staying.has(id))
      .map(({ old, ...template }) => ({
        ...template,
        workspaceId,
        revision: (old?.revision ?? 0) + 1,
        ...(old === undefined ? {} : { createdAt: old.createdAt }),
      })),
  })
}

function isUnchanged(
  wanted: Omit<Template, 'workspaceId' | 'revision' | 'createdAt' | 'updatedAt'> & {
    readonly old: Template | undefined
  },
): boolean {
  const { old } = wanted
  return (
    old !== undefined &&
    old.id === wanted.id &&
    old.name === wanted.name &&
    old.kind === wanted.kind &&
    old.format === wanted.format &&
    old.source === wanted.source
  )
}

function placeOf(actionId: string, name: string): string {
  return `${actionId}/${name}`
}
