/** The three workflows on a real Temporal with a real worker; behind the activities stand scripts, told by id. */
import { randomBytes, randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { inject } from 'vitest'
import { prepareNamespace } from '../../server/embedded/temporal-namespace.ts'
import { createActivities } from '../../workflows/activities/create-activities.ts'
import type { PassResult, PlanResult, PollResult } from '../../workflows/activities/ports.ts'
import { loadWorkflowBundle } from '../../workflows/bundle.ts'
import { createWorkflowStarter, type WorkflowStarter } from '../../workflows/client.ts'
import { taskQueue } from '../../workflows/contracts.ts'
import { createDataConverter } from '../../workflows/data-converter.ts'

/** What one id answers, in turn; the last answer stays. */
export type Script<Result> = readonly ((signal: AbortSignal) => Promise<Result> | Result)[]

/** One id with its script, and how far it came. */
export interface Scripted {
  readonly id: string
  /** How often it was asked. */
  asked(): number
  /** How often it was asked while it was still being asked. */
  overlaps(): number
}

export interface WorkflowDriver {
  readonly starter: WorkflowStarter
  /** Sees what Temporal keeps, and can read what is not encrypted. */
  readonly raw: Client
  /** Sees what the server sees. */
  readonly client: Client
  readonly unexpected: readonly unknown[]
  pass(...script: Script<PassResult>): Scripted
  plan(...script: Script<PlanResult>): Scripted
  poll(...script: Script<PollResult>): Scripted
  /** Another worker takes over: the one that runs is shut down. */
  replaceWorker(): Promise<void>
  close(): Promise<void>
}

export async function startWorkflowDriver(): Promise<WorkflowDriver> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] })
  const { address } = inject('temporal')
  // Workflow ids and the task queue are fixed: a namespace keeps test files apart.
  const namespace = `workflows-${randomUUID()}`
  await prepareNamespace(address, namespace)
  const masterKey = randomBytes(32)
  const dataConverter = createDataConverter(masterKey)
  const [connection, clientConnection, starter, workflowBundle] = await Promise.all([
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
    createWorkflowStarter({ address, namespace, masterKey }),
    loadWorkflowBundle(),
  ])

  const unexpected: unknown[] = []
  const passes = createScripts<PassResult>()
  const plans = createScripts<PlanResult>()
  const polls = createScripts<PollResult>()
  const activities = createActivities({
    ports: {
      sendPass: passes.answer,
      planDelivery: (laneId) => plans.answer(laneId, new AbortController().signal),
      pollSource: polls.answer,
    },
    onUnexpected: (_, error) => unexpected.push(error),
  })

  async function startWorker(): Promise<() => Promise<void>> {
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue,
      workflowBundle,
      activities: { ...activities },
      dataConverter,
      stickyQueueScheduleToStartTimeout: '2s',
      shutdownGraceTime: 0,
    })
    const ended = worker.run()
    return async () => {
      worker.shutdown()
      await ended
    }
  }
  let stopWorker = await startWorker()

  return {
    starter,
    raw: new Client({ connection: clientConnection, namespace }),
    client: new Client({ connection: clientConnection, namespace, dataConverter }),
    unexpected,
    pass: passes.add,
    plan: plans.add,
    poll: polls.add,
    async replaceWorker() {
      await stopWorker()
      stopWorker = await startWorker()
    },
    async close() {
      await stopWorker()
      await Promise.all([starter.close(), clientConnection.close(), connection.close()])
    },
  }
}

function createScripts<Result>() {
  const scripts = new Map<string, (signal: AbortSignal) => Promise<Result>>()
  return {
    async answer(id: string, signal: AbortSignal): Promise<Result> {
      const next = scripts.get(id)
      if (next === undefined) throw new Error(`Nothing is scripted for ${id}.`)
      return next(signal)
    },
    add(...script: Script<Result>): Scripted {
      const id = randomUUID()
      let asked = 0
      let underWay = 0
      let overlaps = 0
      scripts.set(id, async (signal) => {
        const answer = script[Math.min(asked, script.length - 1)]
        if (answer === undefined) throw new Error(`The script of ${id} is empty.`)
        asked += 1
        underWay += 1
        if (underWay > 1) overlaps += 1
        try {
          return await answer(signal)
        } finally {
          underWay -= 1
        }
      })
      return { id, asked: () => asked, overlaps: () => overlaps }
    },
  }
}
