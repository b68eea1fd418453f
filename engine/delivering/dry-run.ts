/** What a lane would send for some items, as it would go over the wire. Pure: nothing is sent, nothing is kept. */
import { cut } from '../planning/cut.ts'
import type { Account } from '../sending/account.ts'
import { httpRequest } from '../sending/http-request.ts'
import { mask, masked } from '../sending/masked.ts'
import type { Item, SendableItem } from './item.ts'
import type { Fault } from './outcome.ts'
import { type PlanDeps, planGroups } from './plan-groups.ts'

export interface DryRunRequest {
  readonly method: string
  /** Null where it is never sent: the connector makes no address of its own host, or a secret is not set. */
  readonly url: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface DryRun {
  readonly requests: readonly DryRunRequest[]
  /** For each item, in order: the places of its requests, none for one that is rejected. */
  readonly items: readonly DryRunItem[]
}

interface DryRunItem {
  readonly requests: readonly number[]
  readonly fault: Fault | null
}

/** `account` with masks for secrets: they show in the requests. */
export function dryRun(
  { account, ...deps }: PlanDeps & { readonly account: Account },
  items: readonly Item[],
): DryRun {
  const { action, actionDefinition, settings } = deps.lane
  const requests: DryRunRequest[] = []
  const places = new Map<Item, number[]>()
  const faults = new Map<Item, Fault>()
  for (const slice of cut(items, actionDefinition.limits(settings))) {
    for (const group of planGroups(deps, slice.filter(isSendable))) {
      if ('rejected' in group) {
        for (const item of group.items) faults.set(item, { code: group.rejected, reporter: 'sluice' })
        continue
      }
      for (const { body, request } of group.requests) {
        for (const { item } of request.parts) {
          const carried = group.items[item]
          if (carried !== undefined) places.set(carried, [...(places.get(carried) ?? []), requests.length])
        }
        const http = httpRequest(account, request, body, action.requestTimeoutMs)
        requests.push(
          'kind' in http
            ? {
                method: request.method,
                url: null,
                headers: {},
                body: withoutSign(body.text, account.tokenSign),
              }
            : shown(masked(http)),
        )
      }
    }
  }
  return {
    requests,
    items: items.map((item) => ({
      requests: [...new Set(places.get(item))],
      fault: item.kind === 'rejected' ? item.fault : (faults.get(item) ?? null),
    })),
  }
}

function shown({ method, url, headers, body }: DryRunRequest): DryRunRequest {
  return { method, url, headers, body }
}

function withoutSign(text: string | null, sign: string | undefined): string | null {
  return text === null || sign === undefined ? text : text.replaceAll(sign, mask)
}

function isSendable(item: Item): item is SendableItem {
  return item.kind === 'sendable'
}
