/** What Temporal keeps: nothing readable, nothing that can be changed, and everything back for who has the key. */
import { randomBytes } from 'node:crypto'
import type { Payload } from '@temporalio/common'
import { defaultPayloadConverter } from '@temporalio/common'
import { describe, expect, it } from 'vitest'
import { createDataConverter } from './data-converter.ts'

const key = new Uint8Array(randomBytes(32))
const canary = 'canary-ann@example.com'

function codecOf(masterKey: Uint8Array) {
  const [codec] = createDataConverter(masterKey).payloadCodecs ?? []
  if (codec === undefined) throw new Error('There is no codec.')
  return codec
}

function payloadOf(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value)
}

async function sealed(value: unknown): Promise<Payload> {
  const [payload] = await codecOf(key).encode([payloadOf(value)])
  if (payload === undefined) throw new Error('Nothing was encoded.')
  return payload
}

function bytesOf({ data, metadata }: Payload): Buffer {
  return Buffer.concat([data ?? new Uint8Array(), ...Object.values(metadata ?? {})])
}

describe('a payload', () => {
  it.each<[string, unknown]>([
    ['a text', 'é — 😀'],
    ['an object', { deliveryId: '01900000-0000-7000-8000-000000000001', dueInMs: 1.5 }],
    ['nothing', undefined],
    ['null', null],
    ['bytes', new Uint8Array([0, 255, 1])],
    ['much', 'x'.repeat(1_000_000)],
  ])('comes back as it was: %s', async (_, value) => {
    const [opened] = await codecOf(key).decode([await sealed(value)])
    expect(defaultPayloadConverter.fromPayload(opened ?? {})).toEqual(value)
  })

  it('keeps its place among others', async () => {
    const codec = codecOf(key)
    const opened = await codec.decode(await codec.encode(['a', 'b', 'c'].map(payloadOf)))
    expect(opened.map((payload) => defaultPayloadConverter.fromPayload(payload))).toEqual(['a', 'b', 'c'])
  })

  it('shows nothing of what it holds, nor of what kind it is', async () => {
    expect(bytesOf(payloadOf({ canary })).includes(canary)).toBe(true)
    const bytes = bytesOf(await sealed({ canary }))
    expect(bytes.includes(canary)).toBe(false)
    expect(bytes.includes('json')).toBe(false)
    expect(bytes.includes(Buffer.from(canary).toString('base64').slice(0, 20))).toBe(false)
  })

  it('is never written twice in the same way', async () => {
    expect(bytesOf(await sealed(canary)).equals(bytesOf(await sealed(canary)))).toBe(false)
  })
})

describe('a payload that was changed', () => {
  async function isRefused(change: (data: Uint8Array) => Uint8Array): Promise<void> {
    const payload = await sealed({ canary })
    const data = change(new Uint8Array(payload.data ?? []))
    await expect(codecOf(key).decode([{ ...payload, data }])).rejects.toThrow()
  }

  it('is refused, whichever byte it was', async () => {
    const { data } = await sealed({ canary })
    for (let place = 0; place < (data?.length ?? 0); place += 1) {
      await isRefused((bytes) => bytes.map((byte, index) => (index === place ? byte ^ 1 : byte)))
    }
  })

  it('is refused when it was cut off, wherever', async () => {
    const { data } = await sealed({ canary })
    for (let length = 0; length < (data?.length ?? 0); length += 1) {
      await isRefused((bytes) => bytes.subarray(0, length))
    }
  })

  it('is refused with a shortened tag, which could be guessed', async () => {
    const [empty] = await codecOf(key).encode([{}])
    for (let length = 0; length < 12 + 16; length += 1) {
      const data = (empty?.data ?? new Uint8Array()).subarray(0, length)
      await expect(codecOf(key).decode([{ ...empty, data }])).rejects.toThrow()
    }
  })

  it('is refused under another key', async () => {
    await expect(codecOf(new Uint8Array(randomBytes(32))).decode([await sealed(canary)])).rejects.toThrow()
  })
})

it('leaves alone what somebody else wrote, as the Temporal UI does', async () => {
  const foreign = payloadOf('from the UI')
  expect(await codecOf(key).decode([foreign])).toEqual([foreign])
})
