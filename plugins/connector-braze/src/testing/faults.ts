/** Faults of the simulator: those of any vendor, chosen by a user's external id as well. */
import {
  createFaults,
  type FaultyRequest,
  type Fault as VendorFault,
  type FaultScript as VendorFaultScript,
} from '@sluice/connector-testing/simulator'
import { isJsonObject } from './json-object.ts'

export type Fault = VendorFault & {
  /** Only requests that carry this external id. */
  readonly externalId?: string
}
export type FaultScript = VendorFaultScript<Fault>

export function createBrazeFaults(seed: number): FaultScript {
  return createFaults(seed, carries)
}

function carries({ externalId }: Fault, { body }: FaultyRequest): boolean {
  if (externalId === undefined) return true
  if (!isJsonObject(body)) return false
  return ['attributes', 'events', 'purchases', 'external_ids'].some((name) => {
    const entries = body[name]
    return (
      Array.isArray(entries) &&
      entries.some((entry) => entry === externalId || entry?.external_id === externalId)
    )
  })
}
