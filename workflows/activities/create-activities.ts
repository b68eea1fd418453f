/** The activities over their ports, and the only translator of errors into Temporal's failures. */
import { SourceError } from '@sluice/connector-sdk'
import { Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { type FailureType, failures } from '../failures.ts'
import type { PassResult, PlanResult, PollResult, Ports } from './ports.ts'

interface Deps {
  readonly ports: Ports
  /** Tells about what nobody expected, once, without values. */
  onUnexpected(activity: string, error: unknown): void
}

export interface Activities {
  pollSource(dataSourceId: string): Promise<PollResult>
  planDelivery(laneId: string): Promise<PlanResult>
  sendPass(deliveryId: string): Promise<PassResult>
}

const heartbeatMs = 3_000

export function createActivities({ ports, onUnexpected }: Deps): Activities {
  return {
    pollSource: (dataSourceId) => run('pollSource', (signal) => ports.pollSource(dataSourceId, signal)),
    planDelivery: (laneId) => run('planDelivery', () => ports.planDelivery(laneId)),
    sendPass: (deliveryId) => run('sendPass', (signal) => ports.sendPass(deliveryId, signal)),
  }

  /** Heartbeats carry liveness only; what fails is translated, never passed on with its text. */
  async function run<Result>(name: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const context = Context.current()
    const timer = setInterval(() => context.heartbeat(), heartbeatMs)
    try {
      return await work(context.cancellationSignal)
    } catch (error) {
      // A worker that shuts down gives its work back: as a failure, which is tried again elsewhere.
      const type = context.cancellationSignal.aborted ? failures.workerStopping : typeOf(error)
      if (type === failures.unexpected) onUnexpected(name, error)
      throw ApplicationFailure.create({ type, message: type, nonRetryable: false })
    } finally {
      clearInterval(timer)
    }
  }
}

function typeOf(error: unknown): FailureType {
  if (error instanceof SourceError) return failures.sourceUnavailable
  if (!(error instanceof Error)) return failures.unexpected
  const code = 'code' in error ? error.code : undefined
  if (code === failures.sealBroken || code === failures.passFenced) return code
  // Prisma's codes for a database that can't be reached, closes connections or is too busy to answer.
  if (typeof code === 'string' && /^(P1\d{3}|P2024|P2028|ECONN\w+)$/.test(code))
    return failures.databaseUnavailable
  return failures.unexpected
}
