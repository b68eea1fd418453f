/** Templates as they are stored and as the engine has them, their limits, and why one cannot go or be renamed. */
import { z } from 'zod'
import type { TemplateDocument } from '../../engine/documents.ts'
import type { NamedAttribute } from '../../engine/mapping/action-templates.ts'
import type { Place } from '../../engine/templates/problem.ts'
import type { TemplateKind } from '../../engine/templates/template.ts'
import { DomainError, type Issue } from '../problems/rules.ts'
import { isStorable, nameSchema } from '../workspaces/rules.ts'

/** As the database and the API call them. */
const kinds = {
  HEADER: 'header',
  URL: 'url',
  URL_PARAMETERS: 'urlParameters',
  BODY: 'body',
  CUSTOM: 'custom',
} as const satisfies Record<string, TemplateKind>

export const storedKinds = ['HEADER', 'URL', 'URL_PARAMETERS', 'BODY', 'CUSTOM'] as const
export type StoredKind = keyof typeof kinds
export const storedFormats = ['TEXT', 'JSON'] as const
export type StoredFormat = (typeof storedFormats)[number]

/** A template as someone writes it, and as it is stored. */
export interface TemplateDraft {
  readonly name: string
  readonly kind: StoredKind
  readonly format: StoredFormat
  readonly source: string
}

export function templateDocument({ name, kind, format, source }: TemplateDraft): TemplateDocument {
  return { name, kind: kinds[kind], source, ...(format === 'JSON' ? { format: 'json' as const } : {}) }
}

/** The stored form of a document: the other way round. */
export function storedTemplate({ name, kind, format, source }: TemplateDocument): TemplateDraft {
  const stored = storedKinds.find((each) => kinds[each] === kind) ?? 'CUSTOM'
  return { name, kind: stored, format: format === 'json' ? 'JSON' : 'TEXT', source }
}

export const mostTemplates = 50
const mostVariables = 500
/** Twice what a template may have, so that the engine says what is wrong with a long one. */
const longestSource = 200_000

export const templateSchema = z.object({
  name: nameSchema.refine((name) => !/[{}]/.test(name) && name.trim() === name, {
    error: 'The name of a template has no "{" or "}", and no blanks at its ends.',
    params: { code: 'invalid_text' },
  }),
  source: z
    .string()
    .max(longestSource, 'Divide the template: it has too many characters.')
    .refine(isStorable, {
      error: 'Remove the NUL characters and broken surrogate pairs from the template.',
      params: { code: 'invalid_text' },
    }),
})

/** What is wrong with templates apart from their tags, for those that come with a new action. */
export function draftIssues(drafts: readonly TemplateDraft[]): readonly Issue[] {
  const { error } = z
    .array(templateSchema)
    .max(mostTemplates, `An action has at most ${mostTemplates} templates.`)
    .safeParse(drafts)
  return (error?.issues ?? []).map(({ path, code, message }) => ({
    path: ['templates', ...path.map(String)],
    code,
    message,
  }))
}

export const variablesSchema = z
  .array(z.object({ name: nameSchema, attribute: nameSchema }))
  .max(mostVariables, `Name at most ${mostVariables} variables.`)

/** The names that an action gives to attributes, as they are stored. */
export function storedVariables(stored: unknown): readonly NamedAttribute[] {
  return z.array(z.object({ name: z.string(), attribute: z.string() })).parse(stored)
}

/** Where a template failed, as it is stored with a dead letter. */
export function storedPlace(stored: unknown): Place | null {
  return z.object({ template: z.string(), line: z.int(), column: z.int() }).nullable().parse(stored)
}

/** Where a template is used: a place in the mappings of its action, or another template. */
export interface TemplateUse {
  /** The parameter that it fills, with the key of its entry; null where a template includes it. */
  readonly parameter: string | null
  /** The template that includes it, directly or not; null where a mapping takes it. */
  readonly template: string | null
}

export class TemplateInUse extends DomainError {
  override readonly name = 'TemplateInUse'
  readonly code = 'template_in_use'
  readonly uses: readonly TemplateUse[]
  constructor(name: string, uses: readonly TemplateUse[]) {
    const places = uses.map(({ parameter, template }) =>
      parameter === null ? `the template "${template}"` : `the parameter "${parameter}"`,
    )
    super(`The template "${name}" is used by ${places.join(', ')}. Take it out there first.`)
    this.uses = uses
  }
}
