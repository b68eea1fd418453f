/** Gives an action another type of its connector, with as much of its mappings as the new type has places for. */
import type { ActionDefinition } from '@sluice/connector-sdk'
import { type Mappings, mappingsSchema } from '../../engine/mapping/mapping.ts'
import { readParameters } from '../../engine/mapping/parameters.ts'
import { placeAmong } from '../../engine/mapping/place.ts'
import type { Context } from '../context.ts'
import { InvalidInput, type Issue, RevisionConflict } from '../problems/rules.ts'
import { templateDocument } from '../templates/rules.ts'
import { asJsonArray } from '../workspaces/json.ts'
import { definitionOf, mappingIssues, typeIssues } from './read-action.ts'
import { savedMappings } from './saved-mappings.ts'
import { findAction, partsOf, save } from './service.ts'

export interface ChangeActionType {
  readonly id: string
  readonly revision: number
  readonly type: string
}

export interface ChangedActionType {
  readonly id: string
  /** Mappings for which the new type has no place: they are gone. */
  readonly dropped: Mappings
  /** What keeps the mappings that stayed from being published. */
  readonly issues: readonly Issue[]
}

export async function changeActionType(
  context: Context,
  { id, revision, type }: ChangeActionType,
): Promise<ChangedActionType> {
  const current = await findAction(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('Action', id, current.revision)
  const { definition, kept, ...change } = await planChange(context, current, type)
  await save(context, current, 'changeActionType', {
    type,
    typeVersion: definition.version,
    mappings: asJsonArray(kept),
  })
  return { id, ...change }
}

/** What changing it would do, for people who are about to. Nothing is changed. */
export async function previewTypeChange(
  context: Context,
  { id, type }: Pick<ChangeActionType, 'id' | 'type'>,
): Promise<ChangedActionType> {
  const { dropped, issues } = await planChange(context, await findAction(context, id, 'read'), type)
  return { id, dropped, issues }
}

interface PlannedChange extends Pick<ChangedActionType, 'dropped' | 'issues'> {
  readonly definition: ActionDefinition
  readonly kept: Mappings
}

async function planChange(
  context: Context,
  current: Awaited<ReturnType<typeof findAction>>,
  type: string,
): Promise<PlannedChange> {
  const parts = await partsOf(context, current.workspaceId, current)
  const definition = definitionOf(parts, type)
  if (definition === undefined) throw new InvalidInput(typeIssues({ type }, parts))

  const known = readParameters(definition.parameters)
  const saved = savedMappings(definitionOf(parts, current.type), current)
  // Mappings that cannot be brought forward are tried as they stand: the old type's versions are the new one's no more.
  const before = saved.ok ? saved.mappings : mappingsSchema.parse(current.mappings)
  const kept = before.filter((mapping) => placeAmong(known, mapping) !== undefined)
  const templates = current.templates.map(templateDocument)
  return {
    ...{ definition, kept },
    dropped: before.filter((mapping) => !kept.includes(mapping)),
    issues: mappingIssues(kept, definition, parts.source?.columns, templates, () => known),
  }
}
