/** What a pass is given: a compiled lane, an account, an open source, and ports to everything else. */
import type { SourceConnection } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import type { Account } from '../sending/account.ts'
import type { SendingDeps } from '../sending/send-request.ts'
import type { PassProgress } from './progress.ts'

export interface PassDeps extends SendingDeps {
  readonly lane: CompiledLane
  readonly account: Account
  readonly connection: SourceConnection
  readonly progress: PassProgress
  readonly now: () => number
  itemKey(position: readonly string[]): string
  /** Keyed hash of a request within the delivery. */
  requestKey(request: string): string
  /** Resolves after so many milliseconds, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}
