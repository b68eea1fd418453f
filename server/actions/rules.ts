/** The ranges of an action's settings, their defaults, and what stands in the way of switching it. */
import type { Connector } from '@sluice/connector-sdk'
import { z } from 'zod'
import { actionOfType } from '../../engine/action-of-type.ts'
import { whyDiscontinued } from '../../engine/deprecation.ts'
import { sourceColumnsSchema, type startFroms, type TemplateDocument } from '../../engine/documents.ts'
import type { ActionTemplatesInput, NamedAttribute } from '../../engine/mapping/action-templates.ts'
import { checkMappings } from '../../engine/mapping/check.ts'
import { mappingsSchema } from '../../engine/mapping/mapping.ts'
import { DomainError, type Issue } from '../problems/rules.ts'
import { storedVariables, type TemplateDraft, templateDocument, variablesSchema } from '../templates/rules.ts'
import { nameSchema, notesSchema } from '../workspaces/rules.ts'

export type StartFrom = (typeof startFroms)[number]

export const defaultRetryDelaysMs: readonly number[] = [60_000, 300_000, 1_800_000]
export const defaultRetryForMs = 86_400_000
export const defaultRequestTimeoutMs = 10_000

export interface ActionDraft {
  readonly name: string
  readonly connectorId: string
  readonly dataSourceId: string
  readonly segmentId: string
  readonly type: string
  readonly mappings: unknown
  readonly templates: readonly TemplateDocument[]
  readonly templateVariables: readonly NamedAttribute[]
  readonly startFrom: StartFrom
  readonly retryDelaysMs: readonly number[]
  readonly retryForMs: number
  readonly requestTimeoutMs: number
  readonly applyWithinMs: number | null
  readonly notes: string
}

const dayMs = 86_400_000
const maxRetryDelays = 20
const maxRetryForMs = 14 * dayMs
const minRequestTimeoutMs = 100
const maxRequestTimeoutMs = 120_000
const hourMs = 3_600_000

/** The part of a draft that needs nothing else to be checked. */
export const rangesSchema = z.object({
  name: nameSchema,
  retryDelaysMs: z
    .array(
      z
        .int()
        .min(1, 'A wait is at least 1 millisecond.')
        .max(dayMs, `A wait is at most a day, ${dayMs} milliseconds.`),
    )
    .max(maxRetryDelays, `Name at most ${maxRetryDelays} waits.`),
  retryForMs: z
    .int()
    .min(1, 'Use at least 1 millisecond.')
    .max(maxRetryForMs, `Retry for at most 14 days, ${maxRetryForMs} milliseconds.`),
  requestTimeoutMs: z
    .int()
    .min(minRequestTimeoutMs, `Give the vendor at least ${minRequestTimeoutMs} milliseconds.`)
    .max(maxRequestTimeoutMs, `Give the vendor at most ${maxRequestTimeoutMs} milliseconds.`),
  templateVariables: variablesSchema,
  applyWithinMs: z
    .int()
    .min(minRequestTimeoutMs, `Use at least ${minRequestTimeoutMs} milliseconds.`)
    .max(hourMs, `Use at most an hour, ${hourMs} milliseconds.`)
    .nullable(),
  notes: notesSchema,
})

/** An action as it is stored: what it maps, and the columns of its source. */
export interface StoredAction {
  readonly type: string
  readonly mappings: unknown
  readonly templates: readonly TemplateDraft[]
  readonly templateVariables: unknown
  readonly columns: unknown
}

/** Why an action can't run with what is installed; null when it can. `connector` is the definition of its connector's type. */
export function whyNotRunnable(
  { columns: stored, mappings, templates, templateVariables, type }: StoredAction,
  connector: Pick<Connector, 'actions' | 'deprecated'> | undefined,
  compilesTemplates: (input: Omit<ActionTemplatesInput, 'deps'>) => boolean,
):
  | 'plugin_missing'
  | 'connector_type_discontinued'
  | 'action_type_missing'
  | 'unfit_templates'
  | 'unfit_mappings'
  | null {
  if (connector === undefined) return 'plugin_missing'
  if (whyDiscontinued(connector) !== null) return 'connector_type_discontinued'
  const definition = actionOfType(connector.actions, type)
  if (definition === undefined) return 'action_type_missing'
  const columns = sourceColumnsSchema.parse(stored)
  const documents = templates.map(templateDocument)
  const variables = storedVariables(templateVariables)
  if (!compilesTemplates({ templates: documents, templateVariables: variables, columns })) {
    return 'unfit_templates'
  }
  const problems = checkMappings(
    mappingsSchema.parse(mappings),
    definition.parameters,
    columns,
    definition.prepare?.outputs ?? [],
    documents,
  )
  return problems.length === 0 ? null : 'unfit_mappings'
}

/** An action can only be active under an active connector. */
export class ConnectorNotActive extends DomainError {
  override readonly name = 'ConnectorNotActive'
  readonly code = 'connector_not_active'
  readonly connectorId: string
  constructor(connectorId: string, connectorName: string) {
    super(`The connector "${connectorName}" is not active. Activate it first.`)
    this.connectorId = connectorId
  }
}

/** The same of one of several actions, which are switched together. */
export function connectorNotActive(action: string, connector: string): Omit<Issue, 'path'> {
  const message = `The action "${action}" sends through the connector "${connector}", which is not active. Activate the connector first.`
  return { code: 'connector_not_active', message }
}

/** Where a lane reads on from is set only while nothing is sent for it. */
export class StillRunning extends DomainError {
  override readonly name = 'StillRunning'
  readonly code = 'still_running'
  readonly actionIds: readonly string[]
  constructor(actions: readonly { readonly id: string; readonly name: string }[]) {
    const names = actions.map(({ name }) => `"${name}"`).join(', ')
    super(
      `${names} still ${actions.length === 1 ? 'runs' : 'run'}. Pause what is to start elsewhere, or switch its data source off and publish; a request under way ends soon after.`,
    )
    this.actionIds = actions.map(({ id }) => id)
  }
}

/** Keeps an action from being published, and its samples from being sent. */
export const notPrepared: Issue = {
  path: ['preparation'],
  code: 'action_not_prepared',
  message:
    'The action needs something of its own at the vendor, such as a list, that is not created yet. Prepare it first with `prepareAction`.',
}

const whyNotPrepared = {
  preparation_running: 'The vendor is being asked already. Look again in a minute.',
  preparation_unknown:
    'The vendor gave no clear answer: it may have been created, or not. Look there, and remove it if you find it; then prepare the action again with `repeatUnknown`.',
  preparation_failed: 'Nothing was created. Prepare the action again once the cause is gone.',
} as const

/** What the action needs at the vendor is not there, or nobody knows whether it is. */
export class NotPrepared extends DomainError {
  override readonly name = 'NotPrepared'
  readonly code: keyof typeof whyNotPrepared
  /** What failed, where that is known. */
  readonly errorCode: string | null
  constructor(code: keyof typeof whyNotPrepared, errorCode: string | null = null) {
    super(`${whyNotPrepared[code]}${errorCode === null ? '' : ` (${errorCode})`}`)
    this.code = code
    this.errorCode = errorCode
  }
}

/** What was asked is saved, but what should have begun with it did not. */
export class WorkflowsUnavailable extends DomainError {
  override readonly name = 'WorkflowsUnavailable'
  readonly code = 'workflows_unavailable'
  constructor(saved: string) {
    super(
      `${saved} But Temporal could not be reached to start the work. Repeat the request once it is back; that is safe.`,
    )
  }
}
