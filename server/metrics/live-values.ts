/** Values that are watched: each changed one is read once for all who watch it, at most twice a second. */
import type { Logger } from '../logger.ts'
import { createLatestValue, type LatestValue } from './latest-value.ts'

export interface LiveValues<Value> {
  /** A first value at once, then one whenever it changes, until the reader stops or nothing more can come. */
  watch(id: string): AsyncIterableIterator<Value>
  /** Says that a value has changed. */
  touch(id: string): void
  /** Says that any value may have changed, or any of which the last reading is concerned. */
  touchAll(isConcerned?: (latest: Value) => boolean): void
  /** Ends every watch. */
  close(): void
}

export interface LiveOptions {
  readonly log: Logger
  /** The shortest time between two reads. */
  readonly paceMs?: number
  /** How often everything watched is read although nothing was announced. */
  readonly safetyMs?: number
}

interface Deps<Value> extends LiveOptions {
  /** What does not exist is left out. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, Value>>
  /** Whether a new reading is no news. */
  isSame(before: Value, now: Value): boolean
  /** Whether nothing can come after this value. Default: there is always more to come. */
  isLast?(value: Value): boolean
}

/** How long the database is left alone after a read that failed. */
const failurePauseMs = 2_000

interface Topic<Value> {
  readonly readers: Set<LatestValue<Value>>
  latest: Value | undefined
}

export function createLiveValues<Value>(deps: Deps<Value>): LiveValues<Value> {
  const { read, isSame, isLast = () => false, log, paceMs = 500, safetyMs = 10_000 } = deps
  const topics = new Map<string, Topic<Value>>()
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
    const ids = [...dirty]
    dirty.clear()
    try {
      const values = await read(ids)
      for (const id of ids) publish(id, values.get(id))
    } catch (error) {
      log.warn({ err: error }, 'What is watched could not be read; it is read again')
      nextReadAt = performance.now() + failurePauseMs
      for (const id of ids) touch(id)
    }
    isReading = false
    schedule()
  }

  function publish(id: string, value: Value | undefined): void {
    const topic = topics.get(id)
    if (topic === undefined) return
    const isNews = value !== undefined && (topic.latest === undefined || !isSame(topic.latest, value))
    if (isNews) {
      topic.latest = value
      for (const reader of topic.readers) reader.push(value)
    }
    if (value === undefined || isLast(value)) endAll(topic)
  }

  function endAll({ readers }: Topic<Value>): void {
    for (const reader of [...readers]) reader.end()
  }

  function touch(id: string): void {
    if (!topics.has(id)) return
    dirty.add(id)
    schedule()
  }

  function touchAll(isConcerned: (latest: Value) => boolean = () => true): void {
    for (const [id, { latest }] of topics) if (latest === undefined || isConcerned(latest)) dirty.add(id)
    schedule()
  }

  /** Nothing runs while nobody watches. */
  function forget(id: string): void {
    topics.delete(id)
    dirty.delete(id)
    if (topics.size > 0) return
    clearInterval(safety)
    safety = undefined
  }

  function topicOf(id: string): Topic<Value> {
    const known = topics.get(id)
    if (known !== undefined) return known
    const topic: Topic<Value> = { readers: new Set(), latest: undefined }
    topics.set(id, topic)
    safety ??= setInterval(touchAll, safetyMs)
    touch(id)
    return topic
  }

  return {
    watch(id) {
      const topic = topicOf(id)
      const reader = createLatestValue<Value>(() => {
        topic.readers.delete(reader)
        if (topic.readers.size === 0 && topics.get(id) === topic) forget(id)
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
      for (const topic of [...topics.values()]) endAll(topic)
    },
  }
}
