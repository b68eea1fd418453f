/** What a pass is given: a compiled lane, an account, an open source, and ports to everything else. */
import type { SourceConnection } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import type { Account } from '../sending/send-request.ts'
import type { Transport } from '../sending/transport.ts'
import type { PassProgress } from './progress.ts'

export interface PassDeps {
  readonly lane: CompiledLane
  readonly account: Account
  readonly connection: SourceConnection
  readonly transport: Transport
  readonly progress: PassProgress
  readonly now: () => number
  itemKey(position: readonly string[]): string
  /** Keyed hash of a request within the delivery. */
  requestKey(request: string): string
  /** Resolves after so many milliseconds, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}
