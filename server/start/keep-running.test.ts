/** What happens when a part ends by itself: once, again and again, while everything is being ended. */
import { describe, expect, test } from 'vitest'
import { type KeepRunningOptions, keepRunning, type Part } from './keep-running.ts'

interface TestPart extends Part {
  readonly number: number
  /** It ends by itself after so long. */
  die(afterMs?: number): Promise<void>
}

/** Parts that end on command, and a clock that only moves with them. */
function world({ failing = [] as readonly number[] } = {}) {
  const said: string[] = []
  const pauses: number[] = []
  const places: (number | undefined)[] = []
  const stopped: number[] = []
  const givenUp: unknown[] = []
  const parts: TestPart[] = []
  let nowMs = 0
  let starts = 0
  const options: KeepRunningOptions<TestPart> = {
    name: 'The part',
    log: 'part.log',
    async start(last) {
      starts += 1
      places.push(last?.number)
      if (failing.includes(starts)) throw Object.assign(new Error('No way.'), { code: 'no_way' })
      const number = starts
      let end: (() => void) | undefined
      const ended = new Promise<void>((resolve) => {
        end = resolve
      })
      const part: TestPart = {
        number,
        ended,
        async stop() {
          stopped.push(number)
          end?.()
        },
        async die(afterMs = 0) {
          nowMs += afterMs
          end?.()
          await settle()
        },
      }
      parts.push(part)
      return part
    },
    say: (line) => said.push(line),
    onGiveUp: (error) => givenUp.push(error),
    now: () => nowMs,
    async pause(ms) {
      pauses.push(ms)
    },
  }
  return { options, said, pauses, places, stopped, givenUp, parts, starts: () => starts }
}

/** Lets everything that waits for nothing but promises happen. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

const longMs = 60_000

describe('a part that has ended by itself', () => {
  test('is started again at once in the place of the last one, and both is said', async () => {
    const { options, parts, places, pauses, said, givenUp } = world()
    const kept = await keepRunning(options)
    await parts[0]?.die(longMs)
    expect(places).toEqual([undefined, 1])
    expect(pauses).toEqual([])
    expect(said).toEqual(['The part has ended by itself and is started again.', 'The part runs again.'])
    expect(await kept.running()).toBe(parts[1])
    expect(kept.restarts()).toBe(1)
    expect(givenUp).toEqual([])
  })

  test('gets ever more time while it ends quickly, and is given up after the fifth time', async () => {
    const { options, parts, pauses, givenUp, starts } = world()
    const kept = await keepRunning(options)
    for (let index = 0; index < 5; index += 1) await parts[index]?.die(1_000)
    expect(starts()).toBe(5)
    expect(pauses).toEqual([1_000, 2_000, 4_000])
    expect(givenUp).toEqual([expect.objectContaining({ code: 'role_failed' })])
    expect(String(givenUp[0])).toContain('The part has ended 5 times in a row and is not started again.')
    expect(String(givenUp[0])).toContain('part.log')
    await expect(kept.running()).rejects.toBe(givenUp[0])
    await kept.stop()
  })

  test('is not given up when it works for a while in between', async () => {
    const { options, parts, pauses, givenUp } = world()
    await keepRunning(options)
    for (let index = 0; index < 20; index += 1) await parts[index]?.die(longMs)
    expect(parts).toHaveLength(21)
    expect(pauses).toEqual([])
    expect(givenUp).toEqual([])
  })

  test('counts a start that fails as an end; why is said', async () => {
    const { options, parts, said, givenUp, starts } = world({ failing: [2, 3, 4, 5] })
    await keepRunning(options)
    await parts[0]?.die(longMs)
    expect(starts()).toBe(5)
    expect(said.filter((line) => line === 'The part could not be started again. No way.')).toHaveLength(4)
    expect(givenUp).toHaveLength(1)
  })

  test('that comes back after failing starts is the one that runs', async () => {
    const { options, parts, places, givenUp } = world({ failing: [2, 3] })
    const kept = await keepRunning(options)
    await parts[0]?.die(longMs)
    expect(places).toEqual([undefined, 1, 1, 1])
    expect(await kept.running()).toBe(parts[1])
    expect(givenUp).toEqual([])
  })
})

test('a first start that fails is told to the caller, and not tried again', async () => {
  const { options, said, starts } = world({ failing: [1] })
  await expect(keepRunning(options)).rejects.toThrow('No way.')
  expect(starts()).toBe(1)
  expect(said).toEqual([])
})

test('a part that is stopped is not started again', async () => {
  const { options, said, stopped, starts } = world()
  const kept = await keepRunning(options)
  await kept.stop()
  await settle()
  expect(stopped).toEqual([1])
  expect(starts()).toBe(1)
  expect(said).toEqual([])
})

test('a stop while it is being started again ends the new one too', async () => {
  const { options, parts, stopped, givenUp } = world()
  let letStart: (() => void) | undefined
  const gate = new Promise<void>((resolve) => {
    letStart = resolve
  })
  const kept = await keepRunning<TestPart>({
    ...options,
    async start(last) {
      if (last !== undefined) await gate
      return options.start(last)
    },
  })
  await parts[0]?.die(longMs)
  const stopping = kept.stop()
  letStart?.()
  await stopping
  expect(parts).toHaveLength(2)
  expect(stopped).toEqual([2])
  expect(givenUp).toEqual([])
})

test('a stop does not wait for the pause before the next start', async () => {
  const { options, parts, givenUp, starts } = world()
  const { pause: _none, ...withRealPauses } = options
  const kept = await keepRunning(withRealPauses)
  await parts[0]?.die(1_000)
  await parts[1]?.die(1_000)
  await kept.stop()
  expect(starts()).toBe(2)
  expect(givenUp).toEqual([])
})
