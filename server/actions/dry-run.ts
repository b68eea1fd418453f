/** What an action of the working copy would send for some rows: shown, not sent, and kept nowhere. */
import { type DryRunRequest, dryRun as planRun } from '../../engine/delivering/dry-run.ts'
import type { Fault } from '../../engine/delivering/outcome.ts'
import type { PlanDeps } from '../../engine/delivering/plan-groups.ts'
import type { Account } from '../../engine/sending/account.ts'
import type { Context } from '../context.ts'
import { keyedHash } from '../deliveries/keyed-hash.ts'
import type { JsonObject } from '../workspaces/json.ts'
import { masked } from './mask-secrets.ts'
import { firstSamples, type WorkingLane, workingLane } from './working-lane.ts'

export interface DryRunRecord {
  readonly key: readonly string[]
  readonly record: JsonObject
  /** Why it would not be sent; null when it would. */
  readonly fault: Fault | null
  /** Places in the list of requests. */
  readonly requests: readonly number[]
}

export interface ActionDryRun {
  readonly records: readonly DryRunRecord[]
  readonly requests: readonly DryRunRequest[]
}

export async function dryRun(
  context: Context,
  { id, limit }: { readonly id: string; readonly limit: number },
): Promise<ActionDryRun> {
  const working = await workingLane(context, id, 'preview')
  const samples = await firstSamples(context.deps, working, limit)
  const { items, requests } = planRun(
    { ...planDeps(working), account: maskedAccount(working) },
    samples.map(({ item }) => item),
  )
  return {
    requests,
    records: samples.map(({ key, record }, index) => ({
      key,
      record,
      fault: items[index]?.fault ?? null,
      requests: items[index]?.requests ?? [],
    })),
  }
}

/** As in a delivery of its own, whose keys are those of no real one. */
export function planDeps({ delivery, lane }: WorkingLane): PlanDeps {
  const { createdAt, id } = delivery
  return {
    lane,
    createdAt,
    itemKey: ({ position }) => keyedHash(id, JSON.stringify(position)),
    requestKey: (body) => keyedHash(id, body),
  }
}

/** The account as people may see it. */
export function maskedAccount({ lane, secrets, workspaceId }: WorkingLane): Account {
  return {
    definition: lane.connectorDefinition,
    settings: lane.settings,
    secrets: masked(secrets),
    owner: { workspaceId, connectorId: lane.connector.id },
    tokenSign: lane.tokenSign,
  }
}
