/** How a connection is tested, and what the vendor's verdict says to people. */
import type { Connector, RequestPlan, VendorResponse, Verdict } from '@sluice/connector-sdk'
import type { Account } from '../../engine/sending/account.ts'
import { DomainError } from '../problems/rules.ts'

/** Sends one request now and gives the vendor's answer, or why there is none. */
export type SendOnce = (
  request: RequestPlan,
  account: Account,
) => Promise<
  | { readonly ok: true; readonly response: VendorResponse }
  | {
      readonly ok: false
      readonly code: string
      readonly message: string
      /** Whether bytes were written, so that the vendor may have done what was asked. */
      readonly mayHaveArrived: boolean
    }
>

/** The vendor did not give the choices that were asked for; `vendorCode` says what failed. */
export class ChoicesUnavailable extends DomainError {
  override readonly name = 'ChoicesUnavailable'
  readonly code = 'choices_unavailable'
  readonly vendorCode: string
  constructor(vendorCode: string, message: string) {
    super(message)
    this.vendorCode = vendorCode
  }
}

/** The result of a connection test. */
export interface ConnectionTest {
  readonly ok: boolean
  /** The kind of the vendor's verdict; null when there was no answer. */
  readonly verdict: Verdict['kind'] | null
  readonly errorCode: string | null
  readonly message: string
}

/** What people see of a connector. */
export const connectorStatuses = ['active', 'inactive', 'deprecated'] as const
export type ConnectorStatus = (typeof connectorStatuses)[number]

/** A type that people should not use any more. */
export function isDeprecated({ deprecated }: Pick<Connector, 'deprecated'>): boolean {
  return deprecated !== undefined
}

/** `definition` is that of its type; undefined where its package is not installed or cannot be used. */
export function statusOf(
  { isEnabled }: { readonly isEnabled: boolean },
  definition: Connector | undefined,
): ConnectorStatus {
  if (definition === undefined || isDeprecated(definition)) return 'deprecated'
  return isEnabled ? 'active' : 'inactive'
}

export function describeVerdict(verdict: Verdict, vendor: string): ConnectionTest {
  const code = 'code' in verdict ? verdict.code : null
  const told = (ok: boolean, message: string): ConnectionTest => ({
    ok,
    verdict: verdict.kind,
    errorCode: code,
    message,
  })
  switch (verdict.kind) {
    case 'delivered':
    case 'accepted':
    case 'deliveredWithWarning':
      return told(true, `The connection to ${vendor} works.`)
    case 'setup':
      return told(
        false,
        `${vendor} does not accept these settings (${code}). Check the address, the key and what the key may do.`,
      )
    case 'throttled':
      return told(
        false,
        `${vendor} answers, but asks to wait before the next request. Test again in a while.`,
      )
    case 'retry':
    case 'unknown':
      return told(
        false,
        `${vendor} gave no usable answer (${code}). Test again; if it stays so, check the address.`,
      )
    case 'rejected':
    case 'refused':
      return told(false, `${vendor} refused the test request (${code}). Check the settings.`)
  }
}
