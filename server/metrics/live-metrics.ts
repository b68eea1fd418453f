/** The counts that are watched: each changed action is read once for all who watch it, at most twice a second. */
import type { Logger } from '../logger.ts'
import { createLatestValue, type LatestValue } from './latest-value.ts'
import type { ActionMetrics } from './rules.ts'

export interface LiveMetrics {
  /** The action's counts: a first value at once, then one whenever they change, until the reader stops. */
  watch(actionId: string): AsyncIterableIterator<ActionMetrics>
  /** Says that an action's counts have changed. */
  touch(actionId: string): void
  /** Says that any counts may have changed. */
  touchAll(): void
  /** Ends every watch. */
  close(): void
}

interface Deps {
  /** Actions that do not exist are left out. */
  read(actionIds: readonly string[]): Promise<ReadonlyMap<string, ActionMetrics>>
  readonly log: Logger
  /** The shortest time between two reads. */
  readonly paceMs?: number
  /** How often everything watched is read although nothing was announced. */
  readonly safetyMs?: number
}

/** How long the database is left alone after a read that failed. */
const failurePauseMs = 2_000

interface Topic {
  readonly readers: Set<LatestValue<ActionMetrics>>
  latest: ActionMetrics | undefined
}

export function createLiveMetrics({ read, log, paceMs = 500, safetyMs = 10_000 }: Deps): LiveMetrics {
  const topics = new Map<string, Topic>()
  const dirty = new Set<string>()
  let isClosed = false
  let isReading = false
  let timer: NodeJS.Timeout | undefined
  let nextReadAt = 0
  let safety: NodeJS.Timeout | undefined

  function schedule(): void {
    if (isClosed || isReading || timer !== undefined || dirty.size === 0) return
    timer = setTimeout(() => void readDirty(), Math.max(0, nextReadAt - performance.now()))
  }

  async function readDirty(): Promise<void> {
    timer = undefined
    isReading = true
    nextReadAt = performance.now() + paceMs
    const actionIds = [...dirty]
    dirty.clear()
    try {
      const values = await read(actionIds)
      for (const actionId of actionIds) publish(actionId, values.get(actionId))
    } catch (error) {
      log.warn({ err: error }, 'Counts that are watched could not be read; they are read again')
      nextReadAt = performance.now() + failurePauseMs
      for (const actionId of actionIds) touch(actionId)
    }
    isReading = false
    schedule()
  }

  function publish(actionId: string, value: ActionMetrics | undefined): void {
    const topic = topics.get(actionId)
    if (topic === undefined) return
    if (value === undefined) {
      for (const reader of [...topic.readers]) reader.end()
      return
    }
    if (topic.latest !== undefined && isSame(topic.latest, value)) return
    topic.latest = value
    for (const reader of topic.readers) reader.push(value)
  }

  function touch(actionId: string): void {
    if (!topics.has(actionId)) return
    dirty.add(actionId)
    schedule()
  }

  function touchAll(): void {
    for (const actionId of topics.keys()) dirty.add(actionId)
    schedule()
  }

  /** Nothing runs while nobody watches. */
  function forget(actionId: string): void {
    topics.delete(actionId)
    dirty.delete(actionId)
    if (topics.size > 0) return
    clearInterval(safety)
    safety = undefined
  }

  function topicOf(actionId: string): Topic {
    const known = topics.get(actionId)
    if (known !== undefined) return known
    const topic: Topic = { readers: new Set(), latest: undefined }
    topics.set(actionId, topic)
    safety ??= setInterval(touchAll, safetyMs)
    touch(actionId)
    return topic
  }

  return {
    watch(actionId) {
      const topic = topicOf(actionId)
      const reader = createLatestValue<ActionMetrics>(() => {
        topic.readers.delete(reader)
        if (topic.readers.size === 0 && topics.get(actionId) === topic) forget(actionId)
      })
      topic.readers.add(reader)
      if (topic.latest !== undefined) reader.push(topic.latest)
      if (isClosed) reader.end()
      return reader
    },
    touch,
    touchAll,
    close() {
      isClosed = true
      clearTimeout(timer)
      for (const topic of [...topics.values()]) for (const reader of [...topic.readers]) reader.end()
    },
  }
}

/** When a value was read is no news by itself. */
function isSame(a: ActionMetrics, b: ActionMetrics): boolean {
  const names = Object.keys(a) as (keyof ActionMetrics)[]
  return names.every((name) => name === 'updatedAt' || a[name] === b[name])
}
