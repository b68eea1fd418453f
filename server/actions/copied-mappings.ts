/** What an action maps once the mappings of another were copied to it, and what comes along or stays behind. Pure. */
import {
  type NamedAttribute,
  needsOfTemplates,
  type RecordVariable,
  recordVariables,
} from '../../engine/mapping/action-templates.ts'
import type { Mapping, Mappings } from '../../engine/mapping/mapping.ts'
import type { Parameter } from '../../engine/mapping/parameters.ts'
import { overlaps, placeAmong } from '../../engine/mapping/place.ts'
import type { AttributeColumn } from '../../engine/reading/columns.ts'
import { digest } from '../templates/digest.ts'
import { type TemplateDraft, templateDocument } from '../templates/rules.ts'

/** What becomes of the mappings that are there already. */
export const copyModes = ['KEEP', 'OVERWRITE'] as const
export type CopyMode = (typeof copyModes)[number]

/** An action as far as it maps. */
export interface MappedAction {
  /** For the installed version of its type. */
  readonly mappings: Mappings
  readonly templates: readonly TemplateDraft[]
  readonly templateVariables: readonly NamedAttribute[]
  readonly columns: readonly AttributeColumn[]
}

/** One whose mappings are copied, to however many others. */
export interface MappingsToCopy extends MappedAction {
  /** By the templates' names. */
  readonly needs: ReturnType<typeof needsOfTemplates>
}

export function mappingsToCopy(from: MappedAction): MappingsToCopy {
  const { columns, templateVariables } = from
  const templates = from.templates.map(templateDocument)
  return { ...from, needs: needsOfTemplates({ templates, templateVariables, columns, deps: { digest } }) }
}

export interface CopiedMappings {
  /** All that it maps afterwards. */
  readonly mappings: Mappings
  readonly templateVariables: readonly NamedAttribute[]
  /** Those that came. */
  readonly copied: Mappings
  /** Those whose place is filled already: KEEP leaves it so. */
  readonly skipped: Mappings
  /** Those for which its type has no place. */
  readonly dropped: Mappings
  /** Those that came along, because a copied mapping needs them and there was none of the name. */
  readonly newTemplates: readonly TemplateDraft[]
  /** Names of templates that copied mappings need, and that it has with another text: its own stay. */
  readonly keptTemplates: readonly string[]
  /** Names that copied templates read, and that mean another attribute in it: its own stay. */
  readonly keptVariables: readonly string[]
}

/** `known` are the parameters of the action that they go to. */
export function copiedMappings(
  from: MappingsToCopy,
  to: MappedAction,
  known: ReadonlyMap<string, Parameter>,
  mode: CopyMode,
): CopiedMappings {
  const originals = mode === 'KEEP' ? to.mappings : []
  const taken = originals.flatMap((mapping) => {
    const place = placeAmong(known, mapping)
    return place === undefined ? [] : [place]
  })
  const copied: Mapping[] = []
  const skipped: Mapping[] = []
  const dropped: Mapping[] = []
  for (const mapping of from.mappings) {
    const place = placeAmong(known, mapping)
    if (place === undefined) dropped.push(mapping)
    else if (taken.some((other) => overlaps(place, other))) skipped.push(mapping)
    else copied.push(mapping)
  }
  return {
    mappings: [...originals, ...copied],
    copied,
    skipped,
    dropped,
    ...templatesAlong(from, to, copied),
  }
}

type Along = Pick<CopiedMappings, 'newTemplates' | 'keptTemplates' | 'keptVariables' | 'templateVariables'>

function templatesAlong(from: MappingsToCopy, to: MappedAction, copied: Mappings): Along {
  const { needs } = from
  const named = copied.flatMap((mapping) => (mapping.from.kind === 'template' ? [mapping.from.template] : []))
  const needed = new Set(named.flatMap((name) => [name, ...(needs.get(name)?.includes ?? [])]))
  const wanted = from.templates.filter(({ name }) => needed.has(name))
  const own = new Map(to.templates.map((template) => [template.name, template]))
  const newTemplates = wanted.filter(({ name }) => !own.has(name))
  const read = newTemplates.flatMap(({ name }) => needs.get(name)?.variables ?? [])
  return {
    newTemplates,
    keptTemplates: wanted
      .filter((template) => {
        const other = own.get(template.name)
        return other !== undefined && !isSameTemplate(template, other)
      })
      .map(({ name }) => name),
    ...variablesAlong(from, to, read),
  }
}

function variablesAlong(
  from: MappedAction,
  to: MappedAction,
  read: readonly RecordVariable[],
): Pick<Along, 'keptVariables' | 'templateVariables'> {
  const there = new Map(
    recordVariables(to.templateVariables, to.columns).map(({ attribute, name }) => [name, attribute]),
  )
  const given = new Map(from.templateVariables.map((variable) => [variable.name, variable]))
  const names = [...new Map(read.map((variable) => [variable.name, variable])).values()]
  const coming = names.flatMap(({ name }) => (there.has(name) ? [] : (given.get(name) ?? [])))
  return {
    templateVariables: [...to.templateVariables, ...coming],
    keptVariables: names
      .filter(({ attribute, name }) => there.has(name) && there.get(name) !== attribute)
      .map(({ name }) => name),
  }
}

function isSameTemplate(left: TemplateDraft, right: TemplateDraft): boolean {
  return left.kind === right.kind && left.format === right.format && left.source === right.source
}
