/** Waits until a run has come to rest: the last row has arrived, every lane is at the end and nothing waits. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Installation } from './installation.ts'
import { type LaneName, laneNames, type Scene } from './scene.ts'
import type { Version } from './world.ts'

const pollMs = 1_500

const document = `query ($id: ID!) {
  action(id: $id) {
    pausedAt
    pauseReason
    dataSource { errorCode }
    metrics { isAtSourceEnd waiting }
    deliveries(first: 3, states: [PENDING, RUNNING, WAITING, PAUSED]) {
      edges { node { sequence state isFirstPassDone waiting waitingUntil errorCode } }
    }
  }
}`

/** Undefined when it has come to rest, else what it waits for. */
export async function settled(
  installation: Installation,
  scene: Scene,
  last: Version,
  withinMs: number,
): Promise<string | undefined> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const isOver = performance.now() > deadline
    // Until the last row is there a look at the API would only take the cores from those who deliver it.
    if (isOver || haveAllArrived(scene, last)) {
      const open = await look(installation, scene, last).catch(reasonOf)
      if (open === undefined || isOver) return open
    }
    await sleep(pollMs)
  }
}

async function look(
  installation: Installation,
  scene: Scene,
  last: Version,
): Promise<string | undefined> {
  for (const lane of laneNames) {
    const { action } = await installation.data(document, { id: scene.actions[lane] })
    const { isAtSourceEnd, waiting } = action.metrics
    const hasArrived = hasArrivedAt(scene, lane, last)
    const isOver = isAtSourceEnd && Number(waiting) === 0 && action.deliveries.edges.length === 0
    if (!hasArrived || !isOver) {
      return `${lane}: ${hasArrived ? 'the last row has arrived' : 'the last row has not arrived'}, ${JSON.stringify(action)}`
    }
  }
  return undefined
}

function haveAllArrived(scene: Scene, last: Version): boolean {
  return laneNames.every((lane) => hasArrivedAt(scene, lane, last))
}

function hasArrivedAt({ braze }: Scene, lane: LaneName, { person }: Version): boolean {
  return braze.applications.some(({ [lane]: objects }) =>
    objects.some(({ external_id: id }) => id === person),
  )
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
