/** A reader that lags gets what is newest, and every reader learns of the end. */
import { expect, it } from 'vitest'
import { createLatestValue } from './latest-value.ts'

function create() {
  const left: true[] = []
  return { left, stream: createLatestValue<number>(() => left.push(true)) }
}

it('gives a waiting reader each value', async () => {
  const { stream } = create()
  const first = stream.next()
  stream.push(1)
  expect(await first).toEqual({ done: false, value: 1 })
  const second = stream.next()
  stream.push(2)
  expect(await second).toEqual({ done: false, value: 2 })
})

it('gives a reader that lags only the newest', async () => {
  const { stream } = create()
  for (const value of [1, 2, 3]) stream.push(value)
  expect(await stream.next()).toEqual({ done: false, value: 3 })
})

it('gives what is left before it ends', async () => {
  const { stream, left } = create()
  stream.push(1)
  stream.end()
  expect(await stream.next()).toEqual({ done: false, value: 1 })
  expect(await stream.next()).toEqual({ done: true, value: undefined })
  expect(left).toHaveLength(1)
})

it('lets a waiting reader go when it ends', async () => {
  const { stream } = create()
  const waiting = stream.next()
  stream.end()
  expect(await waiting).toEqual({ done: true, value: undefined })
})

it('tells once that its reader has left, and takes nothing more', async () => {
  const { stream, left } = create()
  for await (const value of pushed(stream, 1)) {
    expect(value).toBe(1)
    break
  }
  stream.push(2)
  stream.end()
  expect(await stream.next()).toEqual({ done: true, value: undefined })
  expect(left).toHaveLength(1)
})

function pushed(stream: ReturnType<typeof create>['stream'], value: number) {
  stream.push(value)
  return stream
}
