/** What an answer is put together from, and that it holds no more than it was given. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createAnswerBody } from './answer-body.ts'

it('is the text of its bytes, however they are cut', () => {
  const property = fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(40)), (text, sizes) => {
    const body = createAnswerBody()
    let rest: Uint8Array = new TextEncoder().encode(text)
    for (const size of sizes) {
      body.add(rest.subarray(0, size))
      rest = rest.subarray(size)
    }
    body.add(rest)
    expect(body.text()).toBe(text.replace(/^\ufeff/, ''))
  })
  fc.assert(property)
})

it('grows beyond its first room', () => {
  const body = createAnswerBody()
  for (let times = 0; times < 5_000; times += 1) body.add(new TextEncoder().encode('é'))
  expect(body.text()).toBe('é'.repeat(5_000))
})

it('keeps nothing of the reads that its pieces are views of', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heldBytes = () => {
    collect()
    return process.memoryUsage().arrayBuffers
  }
  const mebibyte = 1024 * 1024
  const body = createAnswerBody()
  const before = heldBytes()
  // Single bytes, each of them a view of a read of its own.
  for (let times = 0; times < 100; times += 1) body.add(Buffer.alloc(mebibyte, 'x').subarray(7, 8))
  expect(heldBytes() - before).toBeLessThan(20 * mebibyte)
  expect(body.text()).toBe('x'.repeat(100))
})
