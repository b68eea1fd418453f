/** Faults as JSON, for tests and demos that drive the simulator from another process. */
import { z } from '@sluice/connector-sdk'
import type { Fault } from './faults.ts'

const scope = {
  times: z.union([z.int().positive(), z.null().transform(() => Number.POSITIVE_INFINITY)]).optional(),
  path: z.string().optional(),
  rate: z.number().min(0).max(1).optional(),
  stores: z.boolean().optional(),
}

/** What more a vendor's faults choose requests by. */
export type ScopeFields = Readonly<Record<string, z.ZodType>>

function ordersWith(more: ScopeFields) {
  const fault = z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('status'),
      status: z.int().min(200).max(599),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.json().optional(),
      ...scope,
      ...more,
    }),
    z.strictObject({ kind: z.literal('hang'), ...scope, ...more }),
    z.strictObject({ kind: z.literal('reset'), ...scope, ...more }),
    z.strictObject({ kind: z.literal('garbage'), ...scope, ...more }),
    z.strictObject({ kind: z.literal('drip'), everyMs: z.int().min(0), ...scope, ...more }),
    z.strictObject({
      kind: z.literal('slow'),
      delayMs: z.int().min(0),
      inTurn: z.boolean().optional(),
      ...scope,
      ...more,
    }),
  ])
  return z.strictObject({ clear: z.literal(true).optional(), add: z.array(fault).optional() })
}

export interface FaultOrders<AnyFault> {
  readonly clear: boolean
  readonly add: readonly AnyFault[]
}

/** The orders, or a text that says what is wrong with them. */
export function parseFaultOrders<AnyFault extends Fault>(
  text: string,
  more: ScopeFields = {},
): FaultOrders<AnyFault> | string {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return 'The body is not JSON.'
  }
  const parsed = ordersWith(more).safeParse(json)
  if (!parsed.success) return z.prettifyError(parsed.error)
  // JSON has no undefined, so that no field is there without a value.
  return { clear: parsed.data.clear ?? false, add: (parsed.data.add ?? []) as unknown as readonly AnyFault[] }
}
