/** Waits until a run has come to rest: the last row has arrived, every lane is at the end and nothing waits. */
import { setTimeout as sleep } from 'node:timers/promises'
import { mutate } from '../harness/mutate.ts'
import type { Installation } from './installation.ts'
import { laneNames, type Scene } from './scene.ts'
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

/**
 * Undefined when it has come to rest, else what it waits for. What a refused key pauses is resumed, as often as it was
 * refused: its answer may be on the way when all else is quiet.
 */
export async function settled(
  installation: Installation,
  scene: Scene,
  last: Version,
  withinMs: number,
): Promise<string | undefined> {
  const deadline = performance.now() + withinMs
  const resume = createResume(installation, scene)
  for (;;) {
    const open = await resume()
      .then(() => look(installation, scene, last))
      .catch(reasonOf)
    if (open === undefined) return undefined
    if (performance.now() > deadline) return open
    await sleep(pollMs)
  }
}

function createResume(installation: Installation, { actions, braze }: Scene): () => Promise<void> {
  const resumed = new Map(laneNames.map((lane) => [lane, 0]))
  return async () => {
    const refusals = braze.log.filter(({ status }) => status === 401).length
    for (const lane of laneNames) {
      const id = actions[lane]
      const { action } = await installation.data('query ($id: ID!) { action(id: $id) { pausedAt } }', { id })
      const times = resumed.get(lane) ?? 0
      if (action.pausedAt === null || times === refusals) continue
      await mutate(installation, 'resumeAction', { id })
      resumed.set(lane, times + 1)
    }
  }
}

async function look(
  installation: Installation,
  { braze, actions }: Scene,
  last: Version,
): Promise<string | undefined> {
  for (const lane of laneNames) {
    const { action } = await installation.data(document, { id: actions[lane] })
    const { isAtSourceEnd, waiting } = action.metrics
    const hasArrived = braze.applications.some(({ [lane]: objects }) =>
      objects.some(({ external_id: id }) => id === last.person),
    )
    const isOver = isAtSourceEnd && Number(waiting) === 0 && action.deliveries.edges.length === 0
    if (!hasArrived || !isOver) {
      return `${lane}: ${hasArrived ? 'the last row has arrived' : 'the last row has not arrived'}, ${JSON.stringify(action)}`
    }
  }
  return undefined
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
