/** An action as a document wants it: its connector, data source and segment are those of the document. */
import { isDeepStrictEqual } from 'node:util'
import type { ActionDocument, TemplateDocument } from '../../engine/documents.ts'
import { mappingsSchema } from '../../engine/mapping/mapping.ts'
import { type ActionParts, definitionOf, type ParametersOf, readAction } from '../actions/read-action.ts'
import type { ActionDraft } from '../actions/rules.ts'
import { migrationIssues, savedMappings } from '../actions/saved-mappings.ts'
import type { Issue } from '../problems/rules.ts'
import { draftIssues, templateDocument } from '../templates/rules.ts'
import type { ActionEntry } from './document.ts'
import { byName } from './entries.ts'
import { duplicates, type Match } from './match-entries.ts'
import { issuesAt, type Planning, refer, type Want } from './planning.ts'

const fieldOf = { connectorId: 'connector', dataSourceId: 'dataSource', segmentId: 'segment' } as const

/** Each by its id. */
export interface Parts {
  connectorOf(id: string): Pick<ActionParts, 'connector' | 'definitions'>
  sourceOf(id: string): ActionParts['source']
  segmentOf(id: string): ActionParts['segment']
  readonly parametersOf: ParametersOf
}

export function wantAction(
  planning: Planning,
  { entry, id, index }: Match<ActionEntry>,
  stored: ActionDocument | undefined,
  parts: Parts,
): Want<ActionEntry, ActionDocument> {
  const before = planning.before.actions.get(id)
  const { names } = planning
  const connector = refer(names, 'connectors', entry.connector, ['connector'])
  const source = refer(names, 'dataSources', entry.dataSource, ['dataSource'])
  const segment = refer(names, 'segments', entry.segment, ['segment'])
  const dangling = [connector, source, segment].flatMap(({ issues }) => issues)
  const own: ActionParts = {
    ...(connector.id === undefined
      ? { connector: undefined, definitions: undefined }
      : parts.connectorOf(connector.id)),
    source: source.id === undefined ? undefined : parts.sourceOf(source.id),
    segment: segment.id === undefined ? undefined : parts.segmentOf(segment.id),
  }
  const brought = broughtForward(entry, own)
  const told: ActionEntry = {
    ...entry,
    templates: entry.templates.toSorted(byName),
    mappings: brought.mappings,
    typeVersion: brought.typeVersion,
  }
  const want = { id, index, before, after: told }
  if (before !== undefined && dangling.length === 0 && isDeepStrictEqual(before, told)) {
    return { ...want, document: stored, issues: [] }
  }
  const draft: ActionDraft = {
    name: entry.name,
    connectorId: connector.id ?? '',
    dataSourceId: source.id ?? '',
    segmentId: segment.id ?? '',
    type: entry.type,
    mappings: brought.mappings,
    templates: entry.templates.map(templateDocument),
    templateVariables: entry.templateVariables,
    startFrom: entry.startFrom,
    retryDelaysMs: entry.retryDelaysMs,
    retryForMs: entry.retryForMs,
    requestTimeoutMs: entry.requestTimeoutMs,
    applyWithinMs: entry.applyWithinMs,
    notes: entry.notes,
  }
  const reading = readAction(draft, own, parts.parametersOf)
  const { notes: _notes, ...versioned } = draft
  const issues = [
    ...dangling,
    ...draftIssues(entry.templates).map(atPlace),
    ...duplicates(['templates'], 'templates', entry.templates),
    ...brought.issues,
    // What is missing is told by its name.
    ...(reading.ok ? [] : reading.issues)
      .filter(({ path, code }) => !(String(path[0]) in fieldOf && code.startsWith('unknown_')))
      .map((issue) => ofTemplate(entry, issue)),
  ]
  return {
    ...want,
    document:
      reading.ok && issues.length === 0
        ? {
            ...versioned,
            ...{ id, isEnabled: entry.isEnabled },
            mappings: reading.mappings,
            typeVersion: reading.typeVersion,
            templates: withIds(draft.templates, stored?.templates ?? []),
            templateVariables: [...draft.templateVariables],
            retryDelaysMs: [...draft.retryDelaysMs],
          }
        : undefined,
    issues: issuesAt('actions', index, issues, fieldOf),
  }
}

interface Brought {
  readonly mappings: unknown
  readonly typeVersion: number | null
  readonly issues: readonly Issue[]
}

/** A document may be older than the package that is installed now. */
function broughtForward(
  { type, typeVersion, mappings }: Match<ActionEntry>['entry'],
  parts: ActionParts,
): Brought {
  const definition = definitionOf(parts, type)
  const parsed = mappingsSchema.safeParse(mappings)
  if (definition === undefined || !parsed.success) return { mappings, typeVersion, issues: [] }
  const from = typeVersion ?? definition.version
  const saved = savedMappings(definition, { type, typeVersion: from, mappings: parsed.data })
  return saved.ok
    ? { mappings: saved.mappings, typeVersion: definition.version, issues: [] }
    : { mappings, typeVersion: from, issues: migrationIssues(saved) }
}

/** Templates that stay keep their ids, and their order: another one is no change. */
function withIds(
  wanted: readonly TemplateDocument[],
  stored: readonly TemplateDocument[],
): TemplateDocument[] {
  const place = new Map(stored.map(({ name }, index) => [name, index]))
  const placeOf = ({ name }: TemplateDocument) => place.get(name) ?? stored.length
  return wanted
    .map((template) => {
      const id = stored.find(({ name }) => name === template.name)?.id
      return id === undefined ? template : { id, ...template }
    })
    .toSorted((left, right) => placeOf(left) - placeOf(right))
}

/** Their places are texts there. */
function atPlace(issue: Issue): Issue {
  const [list, place, ...deeper] = issue.path
  return place === undefined ? issue : { ...issue, path: [list ?? 'templates', Number(place), ...deeper] }
}

/** A template is known by its name there. */
function ofTemplate({ templates }: Pick<ActionEntry, 'templates'>, issue: Issue): Issue {
  const [list, template, ...deeper] = issue.path
  const index = templates.findIndex(({ name }) => name === template)
  return list === 'templates' && index >= 0 ? { ...issue, path: [list, index, ...deeper] } : issue
}
