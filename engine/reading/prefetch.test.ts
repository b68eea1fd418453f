/** Reading ahead: the same elements in the same order, one ahead at most, and nothing left running. */
import { expect, it } from 'vitest'
import { prefetch } from './prefetch.ts'

/** A generator that tells how far it came and whether it was ended. */
function counting(count: number, failAt = Number.POSITIVE_INFINITY) {
  const told = { produced: 0, isEnded: false }
  async function* generate(): AsyncGenerator<number> {
    try {
      for (let index = 0; index < count; index += 1) {
        if (index === failAt) throw new Error(`Element ${index} can't be read.`)
        told.produced += 1
        yield index
      }
    } finally {
      told.isEnded = true
    }
  }
  return { told, source: generate() }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

it('gives the same elements in the same order', async () => {
  const elements: number[] = []
  for await (const element of prefetch(counting(5).source, 1)) elements.push(element)
  expect(elements).toEqual([0, 1, 2, 3, 4])
})

it('ends at once where there is nothing', async () => {
  const elements: number[] = []
  for await (const element of prefetch(counting(0).source, 1)) elements.push(element)
  expect(elements).toEqual([])
})

it('reads one element ahead of its consumer, and no more', async () => {
  const { told, source } = counting(10)
  const seen: number[] = []
  for await (const element of prefetch(source, 1)) {
    await turn()
    seen.push(told.produced - element - 1)
  }
  // Nothing stands behind the last one.
  expect(seen).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 0])
})

it('reads as many ahead as it may, and no more', async () => {
  const { told, source } = counting(10)
  const seen: number[] = []
  for await (const element of prefetch(source, 3)) {
    await turn()
    seen.push(told.produced - element - 1)
  }
  expect(seen).toEqual([3, 3, 3, 3, 3, 3, 3, 2, 1, 0])
})

it('reads nothing before the first element is asked for', async () => {
  const { told, source } = counting(3)
  const ahead = prefetch(source, 1)
  await turn()
  expect(told.produced).toBe(0)
  await ahead.next()
  expect(told.produced).toBeGreaterThan(0)
})

it('hands over what came before a failure, then the failure', async () => {
  const { source } = counting(10, 3)
  const elements: number[] = []
  const reading = (async () => {
    for await (const element of prefetch(source, 1)) {
      elements.push(element)
      // The failure is there before its turn: it must not be reported as unhandled.
      await turn()
    }
  })()
  await expect(reading).rejects.toThrow("Element 3 can't be read.")
  expect(elements).toEqual([0, 1, 2])
})

it('hands over even a failure that is undefined', async () => {
  async function* fails(): AsyncGenerator<number> {
    yield 0
    throw undefined
  }
  const reading = (async () => {
    for await (const _ of prefetch(fails(), 1)) await turn()
  })()
  await expect(reading.then(() => 'ended')).rejects.toBeUndefined()
})

it('ends the source when its consumer stops early', async () => {
  const { told, source } = counting(10)
  for await (const element of prefetch(source, 1)) if (element === 2) break
  expect(told.isEnded).toBe(true)
  expect(told.produced).toBeLessThanOrEqual(4)
})

it('waits for the element read ahead before it ends the source', async () => {
  const log: string[] = []
  let finishReading = () => {}
  async function* slow(): AsyncGenerator<number> {
    try {
      yield 0
      await new Promise<void>((resolve) => {
        finishReading = resolve
      })
      log.push('read')
      yield 1
    } finally {
      log.push('ended')
    }
  }
  const ahead = prefetch(slow(), 1)
  await ahead.next()
  const stopped = ahead.return(undefined).then(() => log.push('stopped'))
  await turn()
  expect(log).toEqual([])
  finishReading()
  await stopped
  expect(log).toEqual(['read', 'ended', 'stopped'])
})

it('ends the source when its consumer throws', async () => {
  const { told, source } = counting(10)
  const reading = (async () => {
    for await (const _ of prefetch(source, 1)) throw new Error('The consumer fails.')
  })()
  await expect(reading).rejects.toThrow('The consumer fails.')
  expect(told.isEnded).toBe(true)
})
