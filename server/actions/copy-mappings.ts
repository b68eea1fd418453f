/** Copies the mappings of an action to others, with the templates that they need: to all of them or to none. */

import type { ActionDefinition } from '@sluice/connector-sdk'
import { actionOfType } from '../../engine/action-of-type.ts'
import { sourceColumnsSchema } from '../../engine/documents.ts'
import { type Mappings, mappingsSchema } from '../../engine/mapping/mapping.ts'
import { readParameters } from '../../engine/mapping/parameters.ts'
import type { Action, Prisma, Template } from '../../prisma/generated/client/client.ts'
import { within } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue, NotFound, rejectIssues } from '../problems/rules.ts'
import type { Registry } from '../registry/registry.ts'
import { templateIssues } from '../templates/check.ts'
import { mostTemplates, storedVariables, templateDocument, variablesSchema } from '../templates/rules.ts'
import { asJsonArray } from '../workspaces/json.ts'
import { present } from '../workspaces/present.ts'
import { changeSeveral, type Named } from '../workspaces/several.ts'
import {
  type CopiedMappings,
  type CopyMode,
  copiedMappings,
  type MappedAction,
  type MappingsToCopy,
  mappingsToCopy,
} from './copied-mappings.ts'
import { mappingIssues } from './read-action.ts'
import { migrationIssues, savedMappings } from './saved-mappings.ts'

export interface CopyMappings {
  /** The action that they are of. */
  readonly fromId: string
  /** The actions that get them. */
  readonly actions: readonly Named[]
  readonly mode: CopyMode
}

/** What became, or would become, of one action. */
export interface MappingsCopy extends CopiedMappings {
  /** The action that gets them. */
  readonly id: string
  /** What keeps all that it maps afterwards from being published. */
  readonly issues: readonly Issue[]
}

/** In the order in which they were named. */
export async function copyMappings(
  context: Context,
  { actions, fromId, mode }: CopyMappings,
): Promise<readonly MappingsCopy[]> {
  const { registry } = context.deps
  const copies = new Map<string, PlannedCopy>()
  const ids = await changeSeveral(context, {
    ...{ entity: 'Action', named: actions, verb: 'copyMappings' },
    async problemsOf(tx, workspaceId, rows) {
      const from = await mappedAction(tx, registry, { id: fromId, workspaceId })
      const found = await tx.action.findMany({
        where: { workspaceId, id: { in: rows.map(({ id }) => id) } },
        include: parts,
      })
      const problems = new Map<string, Omit<Issue, 'path'>>()
      for (const row of found) {
        const planned = planCopy(registry, from, row, mode)
        if (planned.ok) copies.set(row.id, planned.copy)
        else problems.set(row.id, planned.problem)
      }
      return problems
    },
    async change(tx, workspaceId) {
      for (const { data, id, newTemplates } of copies.values()) {
        await tx.action.updateMany({ where: { id, workspaceId }, data })
        await tx.template.createMany({
          data: newTemplates.map(({ name, kind, format, source }) => ({
            ...{ workspaceId, actionId: id },
            ...{ name, kind, format, source },
          })),
        })
      }
    },
  })
  return ids.flatMap((id) => copies.get(id) ?? [])
}

/** What copying would do, for people who are about to. Nothing is changed. */
export async function previewMappingsCopy(
  { access, db, deps }: Context,
  { fromId, id, mode }: { readonly fromId: string; readonly id: string; readonly mode: CopyMode },
): Promise<MappingsCopy> {
  const row = await db.action.findUnique({ where: { id, ...within(access), ...present }, include: parts })
  if (row === null) throw new NotFound('Action', id)
  const from = await mappedAction(db, deps.registry, { id: fromId, workspaceId: row.workspaceId })
  const planned = planCopy(deps.registry, from, row, mode)
  if (planned.ok) return planned.copy
  throw new InvalidInput([{ path: ['fromId'], ...planned.problem }])
}

const parts = {
  templates: { orderBy: { name: 'asc' } },
  connector: { select: { name: true, type: true } },
  dataSource: { select: { columns: true } },
} as const satisfies Prisma.ActionInclude

interface ActionRow extends Action {
  readonly templates: readonly Template[]
  readonly connector: { readonly name: string; readonly type: string }
  readonly dataSource: { readonly columns: unknown }
}

interface SourceOfMappings extends MappingsToCopy {
  readonly id: string
}

/** The action that mappings are copied from; it may be of another connector, and not of another workspace. */
async function mappedAction(
  db: Pick<Context['db'], 'action'>,
  registry: Registry,
  { id, workspaceId }: { readonly id: string; readonly workspaceId: string },
): Promise<SourceOfMappings> {
  const row = await db.action.findUnique({ where: { id, workspaceId, ...present }, include: parts })
  if (row === null) throw new NotFound('Action', id)
  const saved = savedMappings(definitionOf(registry, row), row)
  rejectIssues(migrationIssues(saved).map((issue) => ({ ...issue, path: ['fromId'] })))
  return { id, ...mappingsToCopy(mappedParts(row, saved.ok ? saved.mappings : [])) }
}

interface PlannedCopy extends MappingsCopy {
  readonly data: Prisma.ActionUpdateManyMutationInput
}

type Planned =
  | { readonly ok: true; readonly copy: PlannedCopy }
  | { readonly ok: false; readonly problem: Omit<Issue, 'path'> }

function planCopy(registry: Registry, from: SourceOfMappings, row: ActionRow, mode: CopyMode): Planned {
  const refuse = (code: string, message: string): Planned => ({ ok: false, problem: { code, message } })
  const { id, name } = row
  if (id === from.id) return refuse('same_action', `"${name}" has these mappings: name other actions.`)
  const definition = definitionOf(registry, row)
  if (definition === undefined) {
    return refuse(
      'unknown_action_type',
      `The action "${name}" is of a type that is not installed, so that nobody can tell what it can map. The marketplace tells why.`,
    )
  }
  const saved = savedMappings(definition, row)
  // What is replaced as a whole need not be brought forward.
  if (!saved.ok && mode === 'KEEP') return refuse(saved.problem.code, saved.problem.message)
  const to = mappedParts(row, saved.ok ? saved.mappings : [])
  const known = readParameters(definition.parameters)
  const copy = copiedMappings(from, to, known, mode)
  const tooBig = limitOf(to, copy)
  if (tooBig !== undefined) return refuse('too_big', `For the action "${name}": ${tooBig}`)
  const { mappings, templateVariables } = copy
  const templates = [...to.templates, ...copy.newTemplates].map(templateDocument)
  return {
    ok: true,
    copy: {
      ...copy,
      id,
      issues: [
        ...mappingIssues(mappings, definition, to.columns, templates, () => known),
        ...templateIssues({ templates, templateVariables }, to.columns),
      ],
      data: {
        typeVersion: definition.version,
        mappings: asJsonArray(mappings),
        templateVariables: asJsonArray(templateVariables),
        revision: { increment: 1 },
      },
    },
  }
}

/** What would be more than an action can have. */
function limitOf(
  { templates }: MappedAction,
  { mappings, newTemplates, templateVariables }: CopiedMappings,
): string | undefined {
  if (templates.length + newTemplates.length > mostTemplates) {
    return `An action has at most ${mostTemplates} templates.`
  }
  const [issue] = [
    ...(mappingsSchema.safeParse(mappings).error?.issues ?? []),
    ...(variablesSchema.safeParse(templateVariables).error?.issues ?? []),
  ]
  return issue?.message
}

function definitionOf(registry: Registry, { connector, type }: ActionRow): ActionDefinition | undefined {
  const actions = registry.connector(connector.type)?.definition.actions
  return actions === undefined ? undefined : actionOfType(actions, type)
}

function mappedParts(
  { dataSource, templates, templateVariables }: ActionRow,
  mappings: Mappings,
): MappedAction {
  return {
    ...{ mappings, templates },
    templateVariables: storedVariables(templateVariables),
    columns: sourceColumnsSchema.parse(dataSource.columns),
  }
}
