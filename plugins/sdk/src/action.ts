/** One operation of a vendor, as a partner declares it. */
import type { z } from 'zod'
import type { LiveChoices } from './choices.ts'
import type { RequestPlan, VendorResponse } from './exchange.ts'
import type { PublicSettings } from './form.ts'
import type { JobDefinition } from './job.ts'
import type { ActionLimits } from './limits.ts'
import type { MappingMigration } from './mappings.ts'
import type { Change, PlanContext, PlannedItem } from './plan.ts'
import type { Prepare } from './prepare.ts'
import type { Captured } from './stages.ts'
import type { Verdict } from './verdicts.ts'

/**
 * One operation of a vendor: its parameters as a form, its limits, and two pure functions between records and
 * HTTP.
 *
 * @example
 * ```ts
 * export const addUser = defineAction({
 *   title: 'Add user',
 *   description: 'Adds a user, or changes it.',
 *   version: 1,
 *   modes: ['upsert'],
 *   parameters: z.object({ id: z.string().meta({ title: 'Id', description: 'Your id of the user.' }) }),
 *   limits: () => ({ weights: { users: 100 }, bytes: 1_000_000, onePerRecipient: true }),
 *   weigh: () => ({ users: 1 }),
 *   recipient: ({ id }) => id,
 *   plan: (items) => [requestFor(items)],
 *   interpret: (request, response) => everyPart(request, verdictByStatus(response)),
 * })
 * ```
 */
export interface ActionDefinition<Parameters extends z.ZodObject = z.ZodObject> {
  readonly title: string
  readonly description: string
  /** From 1; grows when the parameters change shape. */
  readonly version: number
  /** `migrations[n]` brings saved mappings from version n to n + 1: one for every version before this. */
  readonly migrations?: Readonly<Record<number, MappingMigration>>
  /** What it can do with a recipient. For now the host asks for `upsert` only. */
  readonly modes: readonly Change[]
  readonly parameters: Parameters
  /** Where the vendor itself knows what a parameter may be, by the parameter's name. */
  readonly choices?: Readonly<Record<string, LiveChoices>>
  /** Creates a list or an audience at the vendor, once, before the first delivery. */
  readonly prepare?: Prepare
  limits(settings: PublicSettings): ActionLimits
  /** What a payload costs, in the units that `limits` names. */
  weigh(payload: z.output<Parameters>): Readonly<Record<string, number>>
  /** The key for order: who receives it. Hashed before it is kept. */
  recipient(payload: z.output<Parameters>): string
  /** Pure and deterministic: every part of every item is addressed exactly once. */
  plan(items: readonly PlannedItem<z.output<Parameters>>[], context: PlanContext): readonly RequestPlan[]
  /** Pure: one verdict for each of the request's parts, in their order. Default: by HTTP status. */
  interpret?(request: RequestPlan, response: VendorResponse): readonly Verdict[]
  /**
   * Pure: what later stages need from an answer, for each of the request's parts, in their order. Kept nowhere: after
   * a crash the stage is repeated, or reported where that could do harm.
   */
  capture?(request: RequestPlan, response: VendorResponse): readonly Captured[]
  /** Where the vendor takes uploads as jobs. */
  readonly job?: JobDefinition
}

/**
 * Declares one action of a connector, with its payload type inferred from `parameters`.
 *
 * @example
 * ```ts
 * export const addUser = defineAction({
 *   ...about,
 *   parameters: z.object({ id: z.string().meta({ title: 'Id', description: 'Your id of the user.' }) }),
 *   recipient: ({ id }) => id, // the payload's type is that of the parameters
 *   plan: (items) => items.map(({ payload }, item) => putUser(payload.id, item)),
 * })
 * ```
 */
export function defineAction<Parameters extends z.ZodObject>(
  definition: ActionDefinition<Parameters>,
): ActionDefinition {
  return definition as unknown as ActionDefinition
}
