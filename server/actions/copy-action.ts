/** Copies of actions: switched off, with their templates and labels, and with nothing that they have done or prepared. */
import { mappingsSchema } from '../../engine/mapping/mapping.ts'
import type { Action, ActionLabel, Prisma, Template } from '../../prisma/generated/client/client.ts'
import { storedVariables } from '../templates/rules.ts'
import { asJsonArray } from '../workspaces/json.ts'

export interface ActionToCopy {
  readonly original: Action & {
    readonly templates: readonly Template[]
    readonly labels: readonly ActionLabel[]
  }
  /** Free in the workspace. */
  readonly name: string
  /** The original's, or another of the same type. */
  readonly connectorId: string
}

/** What is read of actions to copy them. */
export const copiedParts = { templates: true, labels: true } as const satisfies Prisma.ActionInclude

/** Three statements for all of them. Returns the ids of the copies, in the order of the originals. */
export async function copyActions(
  tx: Prisma.TransactionClient,
  copies: readonly ActionToCopy[],
): Promise<readonly string[]> {
  const created = await tx.action.createManyAndReturn({
    data: copies.map(dataOf),
    select: { id: true, name: true },
  })
  const idOf = new Map(created.map(({ id, name }) => [name, id]))
  const made = copies.flatMap(({ name, original }) => {
    const id = idOf.get(name)
    return id === undefined ? [] : [{ id, original }]
  })
  await tx.template.createMany({
    data: made.flatMap(({ id: actionId, original: { templates, workspaceId } }) =>
      templates.map(({ name, kind, format, source }) => ({
        workspaceId,
        actionId,
        name,
        kind,
        format,
        source,
      })),
    ),
  })
  await tx.actionLabel.createMany({
    data: made.flatMap(({ id: actionId, original: { labels, workspaceId } }) =>
      labels.map(({ labelId }) => ({ workspaceId, actionId, labelId })),
    ),
  })
  return made.map(({ id }) => id)
}

/** Everything that is configured, and nothing else: a new column has to be named here or left out. */
function dataOf({ connectorId, name, original }: ActionToCopy): Prisma.ActionCreateManyInput {
  return {
    ...{ connectorId, name },
    workspaceId: original.workspaceId,
    dataSourceId: original.dataSourceId,
    segmentId: original.segmentId,
    type: original.type,
    typeVersion: original.typeVersion,
    mappings: asJsonArray(mappingsSchema.parse(original.mappings)),
    templateVariables: asJsonArray(storedVariables(original.templateVariables)),
    startFrom: original.startFrom,
    retryDelaysMs: original.retryDelaysMs,
    retryForMs: original.retryForMs,
    requestTimeoutMs: original.requestTimeoutMs,
    applyWithinMs: original.applyWithinMs,
    notes: original.notes,
  }
}
