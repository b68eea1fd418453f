/** Actions: what goes to which operation of a connector; edited and switched in the working copy. */
import { sourceColumnsSchema } from '../../engine/documents.ts'
import type { Mappings } from '../../engine/mapping/mapping.ts'
import type { Action, Template } from '../../prisma/generated/client/client.ts'
import { type Right, requireRight, within } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { InvalidInput, NotFound, RevisionConflict, rejectIssues } from '../problems/rules.ts'
import { draftIssues, storedVariables, type TemplateDraft, templateDocument } from '../templates/rules.ts'
import { asJsonArray } from '../workspaces/json.ts'
import { present } from '../workspaces/present.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { type ActionParts, definitionOf, readAction } from './read-action.ts'
import {
  type ActionDraft,
  ConnectorNotActive,
  defaultRequestTimeoutMs,
  defaultRetryDelaysMs,
  defaultRetryForMs,
} from './rules.ts'
import { migrationIssues, savedMappings } from './saved-mappings.ts'

type NeededField = 'name' | 'connectorId' | 'dataSourceId' | 'segmentId' | 'type'

export interface CreateAction
  extends Pick<ActionDraft, NeededField>,
    Partial<Omit<ActionDraft, NeededField | 'templates'>> {
  readonly workspaceId: string
  readonly templates?: readonly TemplateDraft[]
}

export interface UpdateAction extends Partial<Omit<ActionDraft, 'templates'>> {
  readonly id: string
  readonly revision: number
}

export interface SwitchAction {
  readonly id: string
  readonly revision: number
}

export async function createAction(context: Context, input: CreateAction): Promise<string> {
  const { workspaceId: givenId, templates = [], ...fields } = input
  const workspaceId = await coveredWorkspace(context, givenId, 'edit')
  const draft: ActionDraft = {
    mappings: [],
    templates: templates.map(templateDocument),
    templateVariables: [],
    startFrom: 'BEGINNING',
    retryDelaysMs: defaultRetryDelaysMs,
    retryForMs: defaultRetryForMs,
    requestTimeoutMs: defaultRequestTimeoutMs,
    applyWithinMs: null,
    notes: '',
    ...fields,
  }
  rejectIssues(draftIssues(templates))
  const data = await admitAction(context, workspaceId, draft)
  return namedOnce('Action', draft.name, () =>
    context.db.$transaction(async (tx) => {
      const { id } = await tx.action.create({ data: { workspaceId, ...data } })
      await tx.template.createMany({
        data: templates.map((template) => ({ workspaceId, actionId: id, ...template })),
      })
      await recordChange(tx, context, { workspaceId, verb: 'createAction', entity: 'Action', entityId: id })
      return id
    }),
  )
}

export async function updateAction(context: Context, input: UpdateAction): Promise<string> {
  const { id, revision, ...changes } = input
  const current = await findAction(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('Action', id, current.revision)
  const mappings = changes.mappings ?? (await currentMappings(context, current))
  const draft: ActionDraft = {
    ...current,
    templateVariables: storedVariables(current.templateVariables),
    ...changes,
    mappings,
    templates: current.templates.map(templateDocument),
  }
  const data = await admitAction(context, current.workspaceId, draft)
  // One that is on goes to no connector that is off.
  if (current.isEnabled && draft.connectorId !== current.connectorId) {
    await assertConnectorActive(context, draft.connectorId)
  }
  await namedOnce('Action', draft.name, () => save(context, current, 'updateAction', data))
  return id
}

/** Lets it run, with the next publish. */
export async function activateAction(context: Context, input: SwitchAction): Promise<string> {
  const { id, revision } = input
  const current = await findAction(context, id, 'edit')
  // What is as wanted needs no edit: a repeated request must not become a conflict.
  if (current.isEnabled) return id
  if (current.revision !== revision) throw new RevisionConflict('Action', id, current.revision)
  await assertConnectorActive(context, current.connectorId)
  await save(context, current, 'activateAction', { isEnabled: true })
  return id
}

/** Ends it, with the next publish. */
export async function deactivateAction(context: Context, input: SwitchAction): Promise<string> {
  const { id, revision } = input
  const current = await findAction(context, id, 'edit')
  if (!current.isEnabled) return id
  if (current.revision !== revision) throw new RevisionConflict('Action', id, current.revision)
  await save(context, current, 'deactivateAction', { isEnabled: false })
  return id
}

/** Ends it, with the next publish: until then it runs, and can be paused. */
export async function deleteAction(context: Context, { id, revision }: SwitchAction): Promise<string> {
  const current = await findAction(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('Action', id, current.revision)
  await save(context, current, 'deleteAction', { deletedAt: context.deps.clock() })
  return id
}

export async function findAction(
  { db, access }: Context,
  id: string,
  right: Right,
): Promise<Action & { readonly templates: readonly Template[] }> {
  const action = await db.action.findUnique({
    where: { id, ...within(access), ...present },
    include: { templates: { orderBy: { name: 'asc' } } },
  })
  if (action === null) throw new NotFound('Action', id)
  requireRight(access, action.workspaceId, right)
  return action
}

async function assertConnectorActive({ db }: Pick<Context, 'db'>, id: string): Promise<void> {
  const { isEnabled, name } = await db.connector.findUniqueOrThrow({ where: { id } })
  if (!isEnabled) throw new ConnectorNotActive(id, name)
}

/** As an edit that leaves them alone saves them: for the installed version of its type. */
async function currentMappings(context: Context, current: Action): Promise<Mappings> {
  const parts = await partsOf(context, current.workspaceId, current)
  const saved = savedMappings(definitionOf(parts, current.type), current)
  if (!saved.ok) throw new InvalidInput(migrationIssues(saved))
  return saved.mappings
}

async function admitAction(context: Context, workspaceId: string, draft: ActionDraft) {
  const reading = readAction(draft, await partsOf(context, workspaceId, draft))
  if (!reading.ok) throw new InvalidInput(reading.issues)
  return {
    name: draft.name,
    connectorId: draft.connectorId,
    dataSourceId: draft.dataSourceId,
    segmentId: draft.segmentId,
    type: draft.type,
    typeVersion: reading.typeVersion,
    mappings: asJsonArray(reading.mappings),
    templateVariables: asJsonArray(draft.templateVariables),
    startFrom: draft.startFrom,
    retryDelaysMs: [...draft.retryDelaysMs],
    retryForMs: draft.retryForMs,
    requestTimeoutMs: draft.requestTimeoutMs,
    applyWithinMs: draft.applyWithinMs,
    notes: draft.notes,
  }
}

export async function partsOf(
  { db, deps }: Context,
  workspaceId: string,
  { connectorId, dataSourceId, segmentId }: Pick<ActionDraft, 'connectorId' | 'dataSourceId' | 'segmentId'>,
): Promise<ActionParts> {
  const [connector, source, segment] = await Promise.all([
    db.connector.findUnique({ where: { workspaceId_id: { workspaceId, id: connectorId }, ...present } }),
    db.dataSource.findUnique({ where: { workspaceId_id: { workspaceId, id: dataSourceId }, ...present } }),
    db.segment.findUnique({
      where: { workspaceId_id: { workspaceId, id: segmentId }, ...present },
      include: { sources: true },
    }),
  ])
  return {
    connector: connector ?? undefined,
    definitions: connector === null ? undefined : deps.registry.connector(connector.type)?.definition.actions,
    source:
      source === null ? undefined : { name: source.name, columns: sourceColumnsSchema.parse(source.columns) },
    segment:
      segment === null
        ? undefined
        : { name: segment.name, dataSourceIds: segment.sources.map((each) => each.dataSourceId) },
  }
}

type Changes = Partial<Awaited<ReturnType<typeof admitAction>>> & {
  readonly isEnabled?: boolean
  readonly deletedAt?: Date
}

export async function save(
  context: Context,
  { id, workspaceId, revision }: Action,
  verb: string,
  data: Changes,
): Promise<void> {
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.action.updateMany({
      where: { id, workspaceId, revision },
      data: { ...data, revision: { increment: 1 } },
    })
    if (count === 0) {
      const changed = await tx.action.findUniqueOrThrow({ where: { id } })
      throw new RevisionConflict('Action', id, changed.revision)
    }
    await recordChange(tx, context, { workspaceId, verb, entity: 'Action', entityId: id })
  })
}
