/** A template as it is being written: what an editor shows of it, and what it renders for a few rows. Kept nowhere. */
import { randomUUID } from 'node:crypto'
import {
  attributesOfTemplate,
  compileActionTemplates,
  type RecordVariable,
  recordVariables,
} from '../../engine/mapping/action-templates.ts'
import { previewStatement } from '../../engine/reading/statements.ts'
import { mask } from '../../engine/sending/masked.ts'
import { accessToken } from '../../engine/templates/access-token.ts'
import type { TemplatesInput } from '../../engine/templates/compile-templates.ts'
import type { Completion } from '../../engine/templates/complete.ts'
import { completeTemplate, describeTemplate, type TemplateFacts } from '../../engine/templates/editor.ts'
import type { RenderFailure } from '../../engine/templates/problem.ts'
import { requireRight } from '../access/rules.ts'
import type { Context } from '../context.ts'
import { rejectIssues } from '../problems/rules.ts'
import { askSource } from '../sources/ask-source.ts'
import { sourceDocument } from '../sources/document.ts'
import { jsonRow } from '../sources/json-rows.ts'
import { dialectOf, toConnect } from '../sources/look-into.ts'
import type { JsonObject } from '../workspaces/json.ts'
import { issueOf, type TemplateSet } from './check.ts'
import { digest } from './digest.ts'
import type { TemplateDraft } from './rules.ts'
import { setWith, type TemplatedAction } from './service.ts'

export interface EditedTemplate {
  readonly name: string
  readonly action: TemplatedAction
  /** All templates of the action, this one as it is being written. */
  readonly set: TemplateSet
  readonly variables: readonly RecordVariable[]
  /** Worked out once, when they are first asked for. */
  facts(): TemplateFacts
}

export interface RenderedRow {
  /** The attributes that the template reads, by name. */
  readonly record: JsonObject
  /** Null where it could not be rendered. */
  readonly text: string | null
  /** Whether the text was cut. */
  readonly isCut: boolean
  readonly failure: RenderFailure | null
}

/** A text longer than that is cut: people read it. In UTF-16 units. */
const shownText = 64 * 1024

export function editTemplate(action: TemplatedAction, draft: TemplateDraft): EditedTemplate {
  const set = setWith(action, draft)
  const variables = recordVariables(set.templateVariables, action.columns)
  const { name } = draft
  let facts: TemplateFacts | undefined
  return {
    ...{ name, action, set, variables },
    facts() {
      facts ??= describeTemplate(inputOf({ set, variables }), name)
      if (facts === undefined) throw new Error('A draft is not among its own templates.')
      return facts
    },
  }
}

export function completionsAt(edited: EditedTemplate, offset: number): readonly Completion[] {
  return completeTemplate(inputOf(edited), edited.name, offset)
}

/** Renders the first rows of the action's source, whatever its segment says. */
export async function previewTemplate(
  { access, db, deps }: Context,
  { action, name, set }: EditedTemplate,
  limit: number,
): Promise<readonly RenderedRow[]> {
  requireRight(access, action.workspaceId, 'preview')
  const compiled = compileActionTemplates({ ...set, columns: action.columns, deps: { digest } })
  if (!compiled.ok) rejectIssues(compiled.problems.map(issueOf))
  const row = await db.dataSource.findUniqueOrThrow({
    where: { id: action.dataSourceId },
    include: { connection: true },
  })
  const template = compiled.ok ? compiled.templates.compiled.get(name) : undefined
  if (!compiled.ok || template === undefined) return []
  const { templates } = compiled
  const source = sourceDocument(row)
  const names = source.columns.map((column) => column.name)
  const { columns, length } = await askSource(deps, toConnect(row.connection), (connection) =>
    connection.query(previewStatement(source, dialectOf(deps, row.connection.type), limit)),
  )
  const columnOf = (attribute: string) => columns[names.indexOf(attribute)] ?? []
  const read = [...new Set(attributesOfTemplate(templates, name))]
  const moment = { now: deps.clock().getTime(), uuid: () => randomUUID() }
  return Array.from({ length }, (_, index): RenderedRow => {
    const values = templates.variables.map(({ attribute }) => columnOf(attribute)[index] ?? null)
    const rendered = template.render([...values, mask], moment)
    const record = jsonRow(read, read.map(columnOf), index)
    return rendered.ok
      ? {
          record,
          text: rendered.text.slice(0, shownText),
          isCut: rendered.text.length > shownText,
          failure: null,
        }
      : { record, text: null, isCut: false, failure: rendered.failure }
  })
}

function inputOf({ set, variables }: Pick<EditedTemplate, 'set' | 'variables'>): TemplatesInput {
  return { templates: set.templates, variables: [...variables, accessToken], deps: { digest } }
}
