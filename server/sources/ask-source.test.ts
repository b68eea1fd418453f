import { type SourceConnection, SourceError } from '@sluice/connector-sdk'
import { expect, test } from 'vitest'
import { askSource } from './ask-source.ts'

const source = { workspaceId: 'w', type: 'any', settings: {}, secrets: null }
const never = new Promise<never>(() => undefined)

/** A source at the port's edge whose only deed is to count how often it was closed. */
function countingConnection() {
  let closed = 0
  const connection = {
    close: async () => {
      closed += 1
    },
  } as SourceConnection
  return { connection, closed: () => closed }
}

function laterConnection(connection: SourceConnection) {
  let open: () => void = () => undefined
  const promise = new Promise<SourceConnection>((resolve) => {
    open = () => resolve(connection)
  })
  return { promise, open: () => open() }
}

test('the connection is closed once after the answer, and after a failure', async () => {
  const { connection, closed } = countingConnection()
  const connectSource = async () => connection
  expect(await askSource({ connectSource }, source, async () => 'answer')).toBe('answer')
  expect(closed()).toBe(1)
  await expect(
    askSource({ connectSource }, source, () => Promise.reject(new SourceError('locked', 'It is locked.'))),
  ).rejects.toMatchObject({ name: 'SourceUnavailable', code: 'locked', isTransient: true })
  expect(closed()).toBe(2)
})

test('a source that does not answer is a typed time-out, and its connection is closed all the same', async () => {
  const { connection, closed } = countingConnection()
  const asked = askSource({ connectSource: async () => connection, withinMs: 5 }, source, () => never)
  await expect(asked).rejects.toMatchObject({ code: 'source_timeout', isTransient: true })
  await expect.poll(closed).toBe(1)
})

test('a source that does not even connect is a typed time-out; when it connects later it is closed', async () => {
  const { connection, closed } = countingConnection()
  const { promise: opening, open } = laterConnection(connection)
  const asked = askSource({ connectSource: () => opening, withinMs: 5 }, source, async () => never)
  await expect(asked).rejects.toMatchObject({ code: 'source_timeout' })
  open()
  await expect.poll(closed).toBe(1)
})

test('what a source fails with unexpectedly is passed on as it is', async () => {
  const failure = new TypeError('a bug')
  await expect(askSource({ connectSource: () => Promise.reject(failure) }, source, () => never)).rejects.toBe(
    failure,
  )
})
