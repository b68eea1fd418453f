/** Runs the passes of each delivery as the workflow `deliver` does: again when due, when woken, when unheard of. */
import { SourceError } from '@sluice/connector-sdk'
import type { CompiledLane } from '../../engine/compile.ts'
import { FencedError, type PassEnd } from '../../engine/delivering/progress.ts'
import { runPass } from '../../engine/delivering/run-pass.ts'
import type { MemoryDelivery } from '../harness/memory-lane.ts'
import { createMemoryProgress } from '../harness/memory-progress.ts'
import { ContractBrokenError, hashOf } from '../harness/memory-rows.ts'
import { testConnector } from '../harness/test-connector.ts'
import { type Database, LostAnswerError } from './database.ts'
import { createProcess, type Process } from './process.ts'
import { openSource } from './reader.ts'
import type { Table } from './table.ts'
import type { Vendor } from './vendor.ts'
import { watched } from './watched.ts'
import type { World } from './world.ts'

/** One pass under way. */
export interface Attempt {
  readonly process: Process
  readonly delivery: MemoryDelivery
  /** The worker shuts down, or Temporal has told it that nobody waits for it. */
  abort(): void
}

export interface Deliver {
  /** Starts the workflow of a delivery, unless it runs. */
  start(delivery: MemoryDelivery): void
  wake(delivery: MemoryDelivery): void
  /** Starts the workflow of a delivery anew, whatever it waits for. */
  restart(delivery: MemoryDelivery): void
  /** Wakes the deliveries that wait until an item of this or another one before them is out of the way. */
  wakeBehind(delivery: MemoryDelivery): void
  /** The workflow is gone, whatever it waited for. */
  lose(delivery: MemoryDelivery): void
  readonly attempts: ReadonlySet<Attempt>
  /** Nothing more is heard of a pass; it may be dead, or not know. */
  silence(attempt: Attempt): void
  passes(): number
}

interface Deps {
  readonly world: World
  readonly lane: CompiledLane
  readonly database: Database
  readonly table: Table
  readonly vendor: Vendor
  onPassEnd(delivery: MemoryDelivery): void
}

interface Workflow {
  readonly delivery: MemoryDelivery
  isOpen: boolean
  current: Attempt | null
  isWoken: boolean
  isBehind: boolean
  failures: number
  /** Grows with each thing it waits for, so that a timer knows whether it is still meant. */
  step: number
}

const renewAfterMs = 3_000
const lookAgainAfterMs = 3_600_000

class ShutDownError extends Error {
  override readonly name = 'ShutDownError'
}

export function createDeliver({ world, lane, database, table, vendor, onPassEnd }: Deps): Deliver {
  const { after, now, plot, random, tell, violate } = world
  const workflows = new Map<MemoryDelivery, Workflow>()
  const attempts = new Set<Attempt>()
  let passes = 0

  function start(delivery: MemoryDelivery): void {
    if (delivery.isCompleted || workflows.get(delivery)?.isOpen === true) return
    const workflow: Workflow = {
      delivery,
      isOpen: true,
      current: null,
      isWoken: false,
      isBehind: false,
      failures: 0,
      step: 0,
    }
    workflows.set(delivery, workflow)
    next(workflow, random.between(5, 100))
  }

  /** The next pass, after so long or when it is woken. */
  function next(workflow: Workflow, ms: number): void {
    const step = ++workflow.step
    after(ms, () => {
      if (workflow.isOpen && workflow.step === step && workflow.current === null) attempt(workflow)
    })
  }

  function wake(delivery: MemoryDelivery): void {
    const workflow = workflows.get(delivery)
    if (workflow?.isOpen !== true) {
      start(delivery)
      return
    }
    workflow.isWoken = true
    if (workflow.current === null && workflow.failures === 0) next(workflow, 1)
  }

  /** Nobody waits for the pass any more. A worker that lives is told so at its next heartbeat, or never. */
  function leave(attempted: Attempt): void {
    if (attempted.process.isDead()) attempts.delete(attempted)
    if (random.chance(0.5)) attempted.process.reach(random.below(20_000), attempted.abort)
  }

  function attempt(workflow: Workflow): void {
    passes += 1
    workflow.isWoken = false
    workflow.isBehind = false
    const { delivery } = workflow
    const stop = new AbortController()
    const process = createProcess(world, `d${delivery.sequence}#${passes}`)
    const attempted: Attempt = { process, delivery, abort: () => stop.abort(new ShutDownError()) }
    workflow.current = attempted
    attempts.add(attempted)
    const isHeard = () => workflow.isOpen && workflow.current === attempted
    sendPass(process, delivery, stop.signal).then(
      (end) => {
        attempts.delete(attempted)
        if (isHeard()) finish(workflow, end)
        onPassEnd(delivery)
      },
      (error: unknown) => {
        attempts.delete(attempted)
        tellFailure(process, error)
        if (isHeard()) fail(workflow)
      },
    )
  }

  function finish(workflow: Workflow, end: PassEnd | null): void {
    workflow.current = null
    workflow.failures = 0
    tell(() => `d${workflow.delivery.sequence}: ${JSON.stringify(end)}`)
    if (end === null || end.kind === 'completed') {
      workflow.isOpen = false
      return
    }
    const dueAt = end.kind === 'waiting' ? end.dueAt : null
    workflow.isBehind = end.kind === 'waiting' && end.dueAt === null
    const ms = dueAt === null ? lookAgainAfterMs : Math.max(1, dueAt - now())
    next(workflow, workflow.isWoken ? 1 : ms)
  }

  function fail(workflow: Workflow): void {
    workflow.current = null
    const ms = Math.min(60_000, 1_000 * 2 ** workflow.failures)
    workflow.failures = Math.min(workflow.failures + 1, 10)
    next(workflow, ms)
  }

  async function sendPass(
    process: Process,
    delivery: MemoryDelivery,
    signal: AbortSignal,
  ): Promise<PassEnd | null> {
    const { transact, isStopped } = database.connect(process)
    const begunAt = now()
    const begun = await transact('begin', () => delivery.begin())
    if (begun === null) return null
    const pass = watched({ world, database, process, vendor }, begun)
    tell(() => `${process.name} is pass ${pass.number}, lease left ${pass.start.leaseLeftMs}`)
    const progress = createMemoryProgress(pass, {
      ...{ now, begunAt, transact },
      isStopped: () => isStopped(pass.isCurrent),
      pauseCredential: () => transact('pause', () => database.setPaused(true)),
    })
    let isOver = false
    renewNowAndThen()
    try {
      return await runPass(
        {
          ...{ lane, progress, now },
          connection: openSource(world, table, process),
          account: { definition: testConnector, settings: {}, secrets: { apiKey: 'secret' } },
          transport: vendor.transportOf(process, delivery),
          itemKey: (position) => `${delivery.sequence} ${position.at(-1)}`,
          requestKey: (request) => hashOf(`${delivery.sequence} ${request}`),
          wait: (ms, stop) =>
            new Promise((resolve) => {
              stop.addEventListener('abort', () => resolve())
              process.reach(ms, resolve)
            }),
        },
        signal,
      )
    } finally {
      isOver = true
    }

    /** As the adapter does it, beside the pass. */
    function renewNowAndThen(): void {
      process.reach(renewAfterMs, () => {
        if (isOver) return
        // The pass itself meets what makes this fail.
        progress.renewIfNeeded(2 * renewAfterMs).catch(() => undefined)
        renewNowAndThen()
      })
    }
  }

  function tellFailure({ name }: Process, error: unknown): void {
    tell(() => `${name} fails: ${error instanceof Error ? error.name : 'no error'}`)
    const isExpected =
      error instanceof FencedError ||
      error instanceof LostAnswerError ||
      error instanceof SourceError ||
      error instanceof ShutDownError ||
      error instanceof ContractBrokenError
    if (!isExpected)
      violate('failure', error instanceof Error ? `${error.name}: ${error.message}` : 'No error.')
  }

  function lose(delivery: MemoryDelivery): void {
    const workflow = workflows.get(delivery)
    if (workflow === undefined) return
    workflow.isOpen = false
    workflow.current = null
  }

  return {
    start,
    wake,
    restart(delivery) {
      const attempted = workflows.get(delivery)?.current
      lose(delivery)
      if (attempted) leave(attempted)
      start(delivery)
    },
    wakeBehind({ sequence }) {
      for (const { delivery, isBehind, isOpen } of workflows.values()) {
        if (isOpen && isBehind && delivery.sequence > sequence) wake(delivery)
      }
    },
    attempts,
    passes: () => passes,
    lose,
    silence(attempted) {
      // Temporal gives up when it has heard nothing for a while, and starts the next pass.
      after(random.below(plot.heartbeatMs), () => {
        const workflow = workflows.get(attempted.delivery)
        if (workflow?.isOpen === true && workflow.current === attempted) fail(workflow)
        leave(attempted)
      })
    },
  }
}
