/** Templates of an action: written as far as they compile over its source, gone when nothing uses them. */
import { sourceColumnsSchema, type TemplateDocument } from '../../engine/documents.ts'
import { mappingsSchema } from '../../engine/mapping/mapping.ts'
import type { AttributeColumn } from '../../engine/reading/columns.ts'
import { analyzeTemplates } from '../../engine/templates/compile-templates.ts'
import type { Action, Prisma, Template } from '../../prisma/generated/client/client.ts'
import { type Right, requireRight, within } from '../access/rules.ts'
import { definitionOf, mappingIssues } from '../actions/read-action.ts'
import { savedMappings } from '../actions/saved-mappings.ts'
import { partsOf } from '../actions/service.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import { type Issue, NameTaken, NotFound, RevisionConflict, rejectIssues } from '../problems/rules.ts'
import { present } from '../workspaces/present.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { newIssues, type TemplateSet, templateIssues } from './check.ts'
import { digest } from './digest.ts'
import {
  mostTemplates,
  storedVariables,
  type TemplateDraft,
  TemplateInUse,
  type TemplateUse,
  templateDocument,
  templateSchema,
} from './rules.ts'

export interface CreateTemplate extends TemplateDraft {
  readonly actionId: string
}

export interface UpdateTemplate extends Partial<TemplateDraft> {
  readonly id: string
  readonly revision: number
}

export interface DeleteTemplate {
  readonly id: string
  readonly revision: number
}

/** An action with all that its templates are checked against. */
export interface TemplatedAction extends Action {
  readonly templates: readonly Template[]
  readonly columns: readonly AttributeColumn[]
}

export async function createTemplate(context: Context, input: CreateTemplate): Promise<string> {
  const { actionId, ...draft } = input
  const action = await findTemplatedAction(context, actionId, 'edit')
  const { workspaceId, templates } = action
  rejectIssues(templates.length < mostTemplates ? [] : [tooMany])
  assertFree(draft.name, templates)
  await admit(context, action, draft, templates)
  return namedOnce('Template', draft.name, () =>
    context.db.$transaction(async (tx) => {
      const { id } = await tx.template.create({ data: { workspaceId, actionId, ...draft } })
      await recordChange(tx, context, {
        workspaceId,
        verb: 'createTemplate',
        entity: 'Template',
        entityId: id,
      })
      return id
    }),
  )
}

export async function updateTemplate(context: Context, input: UpdateTemplate): Promise<string> {
  const { id, revision, ...changes } = input
  const { action, current } = await findTemplate(context, id)
  if (current.revision !== revision) throw new RevisionConflict('Template', id, current.revision)
  const { name, kind, format, source }: TemplateDraft = { ...current, ...changes }
  if (name !== current.name) assertUnused(action, current)
  const draft = { name, kind, format, source }
  const others = action.templates.filter((template) => template.id !== id)
  assertFree(name, others)
  await admit(context, action, draft, others)
  await namedOnce('Template', name, () => save(context, current, draft))
  return id
}

/** Returns the id of the action that it was of. */
export async function deleteTemplate(context: Context, { id, revision }: DeleteTemplate): Promise<string> {
  const { action, current } = await findTemplate(context, id)
  if (current.revision !== revision) throw new RevisionConflict('Template', id, current.revision)
  assertUnused(action, current)
  const { workspaceId } = current
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.template.deleteMany({ where: { id, revision } })
    if (count === 0) await throwChanged(tx, id)
    await recordChange(tx, context, {
      workspaceId,
      verb: 'deleteTemplate',
      entity: 'Template',
      entityId: id,
    })
  })
  return action.id
}

export async function findTemplatedAction(
  { db, access }: Pick<Context, 'db' | 'access'>,
  id: string,
  right: Right,
): Promise<TemplatedAction> {
  const action = await db.action.findUnique({
    where: { id, ...within(access), ...present },
    include: { templates: { orderBy: { name: 'asc' } }, dataSource: { select: { columns: true } } },
  })
  if (action === null) throw new NotFound('Action', id)
  requireRight(access, action.workspaceId, right)
  const { dataSource, ...rest } = action
  return { ...rest, columns: sourceColumnsSchema.parse(dataSource.columns) }
}

/** The templates of an action with a draft among them, in place of the one of its name. */
export function setWith(
  { templates, templateVariables }: Pick<TemplatedAction, 'templates' | 'templateVariables'>,
  draft: TemplateDraft,
): TemplateSet {
  const others = templates.filter(({ name }) => name !== draft.name)
  return {
    templates: [...others, draft].map(templateDocument),
    templateVariables: storedVariables(templateVariables),
  }
}

/** Where a template of an action is used. */
export function usesOf(
  { mappings, templates }: Pick<TemplatedAction, 'mappings' | 'templates'>,
  name: string,
): readonly TemplateUse[] {
  const inMappings = mappingsSchema
    .parse(mappings)
    .filter(({ from }) => from.kind === 'template' && from.template === name)
    .map(({ parameter, key }) => (key === undefined ? parameter : `${parameter}.${key}`))
  const { analyses } = analyzeTemplates({
    templates: templates.map(templateDocument),
    variables: [],
    deps: { digest },
  })
  const inTemplates = [...analyses].filter(
    ([other, { includes }]) => other !== name && includes.includes(name),
  )
  return [
    ...inMappings.map((parameter) => ({ parameter, template: null })),
    ...inTemplates.map(([template]) => ({ parameter: null, template })),
  ]
}

/** Fails with all that is wrong with the draft, and with what it breaks elsewhere. */
async function admit(
  context: Context,
  action: TemplatedAction,
  draft: TemplateDraft,
  others: readonly Template[],
): Promise<void> {
  const { columns, templates, templateVariables, type, workspaceId } = action
  const definition = definitionOf(await partsOf(context, workspaceId, action), type)
  const saved = savedMappings(definition, action)
  const issuesWith = (documents: readonly TemplateDocument[]) => [
    ...templateIssues(
      { templates: documents, templateVariables: storedVariables(templateVariables) },
      columns,
    ),
    ...(saved.ok ? mappingIssues(saved.mappings, definition, columns, documents) : []),
  ]
  const after = issuesWith([...others, draft].map(templateDocument))
  const isOwn = ({ path }: Issue) => path[0] === 'templates' && path[1] === draft.name
  rejectIssues([
    ...issuesOf(templateSchema.safeParse(draft).error?.issues ?? []),
    ...after.filter(isOwn).map((issue) => ({ ...issue, path: ['source'] })),
    ...newIssues(issuesWith(templates.map(templateDocument)), after).filter((issue) => !isOwn(issue)),
  ])
}

function assertFree(name: string, others: readonly Template[]): void {
  if (others.some((template) => template.name === name)) throw new NameTaken('Template', name)
}

function assertUnused(action: TemplatedAction, { name }: Template): void {
  const uses = usesOf(action, name)
  if (uses.length > 0) throw new TemplateInUse(name, uses)
}

async function findTemplate(
  context: Context,
  id: string,
): Promise<{ readonly action: TemplatedAction; readonly current: Template }> {
  const { db, access } = context
  const found = await db.template.findUnique({ where: { id, ...within(access) }, select: { actionId: true } })
  const action = found === null ? null : await findTemplatedAction(context, found.actionId, 'edit')
  const current = action?.templates.find((template) => template.id === id)
  if (action === null || current === undefined) throw new NotFound('Template', id)
  return { action, current }
}

async function save(
  context: Context,
  { id, workspaceId, revision }: Template,
  draft: TemplateDraft,
): Promise<void> {
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.template.updateMany({
      where: { id, revision },
      data: { ...draft, revision: { increment: 1 } },
    })
    if (count === 0) await throwChanged(tx, id)
    await recordChange(tx, context, {
      workspaceId,
      verb: 'updateTemplate',
      entity: 'Template',
      entityId: id,
    })
  })
}

async function throwChanged(tx: Prisma.TransactionClient, id: string): Promise<never> {
  const changed = await tx.template.findUnique({ where: { id } })
  if (changed === null) throw new NotFound('Template', id)
  throw new RevisionConflict('Template', id, changed.revision)
}

const tooMany: Issue = {
  path: ['actionId'],
  code: 'too_big',
  message: `An action has at most ${mostTemplates} templates.`,
}
