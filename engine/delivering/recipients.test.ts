/** Two pieces of work that share a recipient are never under way together, and keep their order. */
import { expect, it } from 'vitest'
import { createRecipients } from './recipients.ts'

/** Whether a promise is settled once everything that can go on has gone on. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol()
  await new Promise((resolve) => setImmediate(resolve))
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending
}

it('lets work with other recipients go on at once', async () => {
  const recipients = createRecipients()
  await recipients.hold(['ann', 'bob'])
  await recipients.hold(['cid'])
})

it('waits until every shared recipient is released', async () => {
  const recipients = createRecipients()
  await recipients.hold(['ann'])
  await recipients.hold(['bob'])
  const second = recipients.hold(['ann', 'bob', 'cid'])
  recipients.release(['bob'])
  expect(await isSettled(second)).toBe(false)
  recipients.release(['ann'])
  expect(await isSettled(second)).toBe(true)
})

it('holds nothing while it waits for some of it', async () => {
  const recipients = createRecipients()
  await recipients.hold(['ann'])
  const second = recipients.hold(['bob', 'ann'])
  recipients.release([])
  expect(await isSettled(second)).toBe(false)
  recipients.release(['ann'])
  await second
  expect(await isSettled(recipients.hold(['bob']))).toBe(false)
})

it('takes one recipient twice within a piece of work', async () => {
  const recipients = createRecipients()
  await recipients.hold(['ann', 'ann'])
  const second = recipients.hold(['ann'])
  expect(await isSettled(second)).toBe(false)
  recipients.release(['ann', 'ann'])
  expect(await isSettled(second)).toBe(true)
})
