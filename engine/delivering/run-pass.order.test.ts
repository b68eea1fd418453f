/** Never an older value after a newer one: between deliveries, within a pass, in retries and after time-outs. */
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Row } from '../../test/harness/memory-source.ts'
import { createPassScene, type PassScene, type SceneOptions } from '../../test/harness/pass-scene.ts'
import { failing, inTurn } from '../../test/harness/scripted-vendor.ts'

const minute = 60_000

function row(id: number, user: string, changed = 10): Row {
  return { id, changed, user, value: `v${id}.${changed}` }
}

/** Values in the order in which they were sent. */
const sent = ({ vendor }: PassScene) => vendor.requests.flat().map(({ value }) => value)

/** A first delivery of one row, whose user is busy. */
async function withOneWaiting(options: Partial<SceneOptions> = {}) {
  const scene = createPassScene({ rows: [row(1, 'ann')], reply: inTurn(failing('ann', 'busy')), ...options })
  await scene.pass()
  expect(scene.delivery.waiting).toHaveLength(1)
  return scene
}

describe('an item of a recipient that has an open item in an earlier delivery', () => {
  it('waits behind it, and has used up neither an attempt nor time', async () => {
    const scene = await withOneWaiting()
    scene.source.rows.set(2, row(2, 'ann', 11))
    scene.source.rows.set(3, row(3, 'bob', 11))
    const later = scene.next()
    expect(await later.pass()).toEqual({ kind: 'waiting', dueAt: null })
    expect(sent(scene)).toEqual(['v1.10', 'v3.11'])
    expect(later.delivery.waiting).toMatchObject([{ attempts: 0, firstAt: null }])
    expect(later.delivery.isFirstPassDone).toBe(true)

    await scene.passUntilCompleted()
    await later.passUntilCompleted()
    expect(sent(scene)).toEqual(['v1.10', 'v3.11', 'v1.10', 'v2.11'])
    expect(later.delivery.totals).toMatchObject({ matched: 2, delivered: 2, retries: 0 })
  })

  it('goes at once when that one has gone while the delivery was read', async () => {
    const scene = await withOneWaiting()
    scene.source.rows.set(2, row(2, 'ann', 11))
    const later = scene.next()
    scene.wait(10 * minute)
    await scene.passUntilCompleted()
    expect(await later.pass()).toEqual({ kind: 'completed' })
    expect(scene.vendor.users.get('ann')).toBe('v2.11')
  })

  it('makes it needless when it is the same row', async () => {
    const scene = await withOneWaiting()
    scene.source.rows.set(1, row(1, 'ann', 11))
    const later = scene.next()
    expect(await later.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ superseded: 1, delivered: 0 })
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(sent(scene)).toEqual(['v1.10', 'v1.11'])
  })

  it('waits although it is the same row, when that one may be on its way', async () => {
    const scene = await withOneWaiting()
    scene.wait(10 * minute)
    const begun = scene.delivery.begin()
    expect(begun?.claimDue(10)).toHaveLength(1)
    scene.source.rows.set(1, row(1, 'ann', 11))
    const later = scene.next()
    expect(await later.pass()).toEqual({ kind: 'waiting', dueAt: null })
    expect(sent(scene)).toEqual(['v1.10'])
  })

  it('waits although the pass that may have sent that one was taken over', async () => {
    const scene = await withOneWaiting()
    scene.wait(10 * minute)
    expect(scene.delivery.begin()?.claimDue(10)).toHaveLength(1)
    const successor = scene.delivery.begin()
    scene.source.rows.set(1, row(1, 'ann', 11))
    expect(await scene.next().pass()).toEqual({ kind: 'waiting', dueAt: null })
    expect(sent(scene)).toEqual(['v1.10'])
    // The successor has it, once it has waited for the one before.
    expect(successor?.claimDue(10)).toHaveLength(1)
  })

  it('is held with its row changed to another recipient, too', async () => {
    const scene = createPassScene({
      rows: [row(1, 'ann'), row(2, 'bob')],
      reply: inTurn({ kind: 'results', word: () => 'busy' }),
    })
    await scene.pass()
    // In place: what waited for Bob now is Ann's, who has an earlier item open.
    scene.source.rows.set(2, row(2, 'ann'))
    await scene.passUntilCompleted()
    expect(sent(scene)).toEqual(['v1.10', 'v2.10', 'v1.10', 'v2.10'])
    expect(scene.vendor.requests.slice(1).map((request) => request.length)).toEqual([1, 1])
  })
})

describe('a vendor that gives no answer', () => {
  const quarantineMs = 15_000

  it('is sent nothing newer of the recipient before it can have applied what it was sent', async () => {
    const scene = await withOneWaiting({ reply: inTurn({ kind: 'hang', isTaken: false }) })
    const until = scene.now() + quarantineMs
    scene.source.rows.set(1, row(1, 'ann', 11))
    const later = scene.next()
    expect(await later.pass()).toEqual({ kind: 'waiting', dueAt: null })
    expect(sent(scene)).toEqual(['v1.10'])
    // Not for longer either, although its own next try would come much later.
    expect(scene.delivery.waiting).toMatchObject([{ dueAt: until, quarantinedUntil: until }])

    scene.wait(quarantineMs)
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    await later.passUntilCompleted()
    expect(sent(scene)).toEqual(['v1.10', 'v1.11'])
    expect(scene.delivery.totals).toMatchObject({ superseded: 1 })
  })

  it('is not asked again before that, whatever the schedule says', async () => {
    const scene = await withOneWaiting({
      reply: inTurn({ kind: 'hang', isTaken: false }),
      action: { retryDelaysMs: [1] },
    })
    expect(await scene.pass()).toEqual({ kind: 'waiting', dueAt: scene.now() + quarantineMs })
    expect(sent(scene)).toEqual(['v1.10'])
  })

  it('keeps newer items waiting even when the one without an answer is given up', async () => {
    const scene = createPassScene({
      rows: [row(1, 'ann')],
      reply: inTurn({ kind: 'status', status: 503 }, { kind: 'hang', isTaken: false }),
      action: { retryDelaysMs: [minute], retryForMs: minute },
    })
    await scene.pass()
    scene.wait(2 * minute)
    expect(await scene.pass()).toEqual({ kind: 'completed' })
    expect(scene.delivery.totals).toMatchObject({ exhausted: 1 })

    scene.source.rows.set(2, row(2, 'ann', 11))
    const later = scene.next()
    expect(await later.pass()).toEqual({ kind: 'waiting', dueAt: scene.now() + quarantineMs })
    expect(sent(scene)).toEqual(['v1.10', 'v1.10'])
    scene.wait(quarantineMs)
    expect(await later.pass()).toEqual({ kind: 'completed' })
    expect(scene.vendor.users.get('ann')).toBe('v2.11')
  })
})

describe('items of one recipient in one delivery', () => {
  const rows = [row(1, 'ann'), row(2, 'ann'), row(3, 'ann')]

  it('wait behind the first of them that has to be tried again, and then go in order', async () => {
    const scene = createPassScene({ rows, reply: inTurn(failing('ann', 'busy')) })
    await scene.pass()
    expect(sent(scene)).toEqual(['v1.10'])
    expect(scene.delivery.waiting).toMatchObject([{ attempts: 1 }, { attempts: 0 }, { attempts: 0 }])
    await scene.passUntilCompleted()
    expect(sent(scene)).toEqual(['v1.10', 'v1.10', 'v2.10', 'v3.10'])
    expect(scene.delivery.totals).toMatchObject({ delivered: 3, retries: 1 })
  })

  it('are tried for their time from their first try on, not from when they began to wait for their turn', async () => {
    const scene = createPassScene({
      rows: rows.slice(0, 2),
      reply: () => {
        scene.wait(10 * minute)
        return scene.vendor.requests.length === 1 ? { kind: 'results' } : { kind: 'status', status: 503 }
      },
    })
    const startedAt = scene.now()
    await scene.pass()
    expect(scene.delivery.waiting).toMatchObject([{ attempts: 1, firstAt: startedAt + 10 * minute }])
  })

  it('go out only when the one before is committed, not merely answered', async () => {
    const settledAt: number[] = []
    const scene = createPassScene({
      rows,
      reply: () => {
        settledAt.push(scene.delivery.slices.filter(({ isSettled }) => isSettled).length)
        return { kind: 'results' }
      },
      async around(moment) {
        for (let turn = 0; turn < 5 && moment === 'before'; turn += 1) await setImmediate()
      },
    })
    await scene.pass()
    expect(settledAt).toEqual([0, 1, 2])
  })

  it('stay in order when a pass ended half-way, with a later one known and an earlier one not', async () => {
    let answer = () => {}
    const hanging = new Promise<void>((resolve) => {
      answer = resolve
    })
    let isHanging = true
    const busyOnce = inTurn(failing('ann', 'busy'))
    const scene = await withOneWaiting({
      mayOverlap: true,
      async reply(items) {
        if (isHanging && items.some(({ user }) => user === 'bob')) await hanging
        return busyOnce()
      },
    })
    // Bob's request hangs, and with it the word that the second row is held; that the third is, is known.
    scene.source.rows.set(2, row(2, 'bob', 11))
    scene.source.rows.set(3, row(3, 'ann', 12))
    scene.source.rows.set(4, row(4, 'ann', 13))
    const later = scene.next()
    const dead = later.pass()
    await until(() => later.delivery.slices[1]?.isSettled === true)
    expect(later.delivery.slices.map(({ isSettled }) => isSettled)).toEqual([false, true])

    isHanging = false
    await scene.passUntilCompleted()
    await later.passUntilCompleted()
    answer()
    await expect(dead).rejects.toThrow('taken over')
    expect(sent(scene).filter((value) => /v[134]/.test(value))).toEqual(['v1.10', 'v1.10', 'v3.12', 'v4.13'])
  })
})

/** Waits for what other turns of the event loop bring. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await setImmediate()
}

it('sends stored slices that no longer hold anybody back in requests of the allowed size', async () => {
  let isBroken = false
  const rows = Array.from({ length: 12 }, (_, id) => row(id, `u${id}`, 11))
  const scene = createPassScene({
    rows: [row(20, 'u3')],
    reply: inTurn(failing('u3', 'busy')),
    async around(moment, what) {
      if (isBroken && moment === 'before' && what === 'write' && scene.memory.deliveries[1]?.slices.length)
        throw new Error('lost')
    },
  })
  await scene.pass()
  for (const each of rows) scene.source.rows.set(each.id, each)
  const later = scene.next()
  isBroken = true
  await expect(later.pass()).rejects.toThrow('lost')
  isBroken = false
  await scene.passUntilCompleted()
  // The vendor of the scene refuses requests of more than five.
  await later.passUntilCompleted()
  expect(later.delivery.totals).toMatchObject({ matched: 12, delivered: 12 })
})
