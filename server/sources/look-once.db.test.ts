/** What one look announces, over real tables: never a row that others may still come before, never backwards. */
import { it as baseIt, describe, expect } from 'vitest'
import { createSourceScene, type SourceScene } from '../../test/harness/source-scene.ts'
import { lookOnce } from './look-once.ts'

type Fields = Parameters<typeof createSourceScene>[0]

const it = baseIt.extend<{ readonly createScene: (fields?: Fields) => Promise<SourceScene> }>({
  createScene: ({ onTestFinished }, use) =>
    use(async (fields) => {
      const scene = await createSourceScene(fields)
      onTestFinished(scene.close)
      return scene
    }),
})

const settleMs = 30_000
const byId = { cursorMode: 'INCREMENTING', timestampColumn: null } as const

/** Each look is a worker's first: it knows only what is in the database. */
function look({ deps, live }: SourceScene) {
  return lookOnce({ ...deps }, live)
}

function insert({ write, time }: SourceScene, id: number, plusMs = 0): Promise<void> {
  return write(`INSERT INTO customers VALUES (${id}, 'free', ${time(plusMs)})`)
}

/** The id of the last row that is announced. */
async function announcedId(scene: SourceScene): Promise<number | null> {
  const position = await scene.bound()
  return position === null ? null : Number(position.at(-1))
}

describe('a look at rows that have a time', () => {
  it('announces none that is younger than settle by the source’s own clock', async ({ createScene }) => {
    const scene = await createScene({ settleMs })
    await insert(scene, 1)
    expect(await look(scene)).toBe('nothing')
    scene.clock.at += settleMs - 1
    expect(await look(scene)).toBe('nothing')
    scene.clock.at += 1
    expect(await look(scene)).toBe('news')
    expect(await announcedId(scene)).toBe(1)
  })

  it('takes in a row that is committed late, within settle, with an older time than one that was visible before', async ({
    createScene,
  }) => {
    const scene = await createScene({ settleMs })
    await insert(scene, 2)
    await look(scene)
    scene.clock.at += settleMs - 1
    await look(scene)
    await insert(scene, 1, -settleMs)
    // Nothing had been announced that row 1 could have fallen behind.
    expect(await scene.bound()).toBeNull()
    scene.clock.at += 1
    expect(await look(scene)).toBe('news')
    expect(await announcedId(scene)).toBe(2)
  })

  it('never sees a row whose transaction lasts longer than settle: that row is lost, as documented', async ({
    createScene,
  }) => {
    const scene = await createScene({ settleMs: 1_000 })
    await insert(scene, 2)
    scene.clock.at += 1_000
    expect(await look(scene)).toBe('news')
    await insert(scene, 1, -1_500)
    scene.clock.at += 3_600_000
    expect(await look(scene)).toBe('nothing')
    expect(await announcedId(scene)).toBe(2)
  })

  it('waits for rows after the bound that was announced last: what lanes have not yet read is no news', async ({
    createScene,
  }) => {
    const scene = await createScene({ settleMs })
    await insert(scene, 1, -settleMs)
    await insert(scene, 2, -settleMs)
    expect(await look(scene)).toBe('news')
    // No lane has moved; still there is nothing new.
    expect(await look(scene)).toBe('nothing')
    expect(await look(scene)).toBe('nothing')
    await insert(scene, 1_000, 1)
    expect(await look(scene)).toBe('nothing')
    await insert(scene, 3, -settleMs)
    expect(await look(scene)).toBe('news')
    expect(await announcedId(scene)).toBe(3)
  })

  it('tells rows of one millisecond apart by their microseconds', async ({ createScene }) => {
    const scene = await createScene()
    const at = (micros: string) => `TIMESTAMP '2026-01-01 00:00:00.000${micros}'`
    await scene.write(`INSERT INTO customers VALUES (9, 'a', ${at('001')})`)
    expect(await look(scene)).toBe('news')
    await scene.write(`INSERT INTO customers VALUES (1, 'b', ${at('002')})`)
    expect(await look(scene)).toBe('news')
    expect(await scene.bound()).toEqual(['2026-01-01 00:00:00.000002', '1'])
    expect(await look(scene)).toBe('nothing')
  })
})

describe('a look at rows that have but an id', () => {
  it('announces the greatest id that was seen at least settle ago, whichever worker saw it', async ({
    createScene,
  }) => {
    const scene = await createScene({ ...byId, settleMs })
    await insert(scene, 5)
    expect(await look(scene)).toBe('nothing')
    scene.clock.at += settleMs / 2
    await insert(scene, 7)
    expect(await look(scene)).toBe('nothing')
    scene.clock.at += settleMs / 2 - 1
    expect(await look(scene)).toBe('nothing')
    scene.clock.at += 1
    expect(await look(scene)).toBe('news')
    expect(await announcedId(scene)).toBe(5)
    scene.clock.at += settleMs / 2
    expect(await look(scene)).toBe('news')
    expect(await announcedId(scene)).toBe(7)
  })

  it('has not yet announced a greater id when a smaller one is committed late, within settle', async ({
    createScene,
  }) => {
    const scene = await createScene({ ...byId, settleMs })
    await insert(scene, 8)
    await look(scene)
    scene.clock.at += settleMs - 1
    await look(scene)
    expect(await scene.bound()).toBeNull()
    await insert(scene, 6)
    scene.clock.at += 1
    expect(await look(scene)).toBe('news')
    expect(await announcedId(scene)).toBe(8)
  })

  it('never sees a smaller id whose transaction lasts longer than settle: that row is lost, as documented', async ({
    createScene,
  }) => {
    const scene = await createScene({ ...byId, settleMs: 0 })
    await insert(scene, 8)
    expect(await look(scene)).toBe('news')
    await insert(scene, 6)
    expect(await look(scene)).toBe('nothing')
  })

  it('announces after a look that came late only what a look had seen, not what is there now', async ({
    createScene,
  }) => {
    const scene = await createScene({ ...byId, settleMs })
    await insert(scene, 1)
    await look(scene)
    scene.clock.at += 10 * settleMs
    await insert(scene, 9)
    expect(await look(scene)).toBe('news')
    expect(await announcedId(scene)).toBe(1)
  })

  it('never goes back when the rows with the greatest ids are deleted before they have settled', async ({
    createScene,
  }) => {
    const scene = await createScene({ ...byId, settleMs })
    await insert(scene, 3)
    await insert(scene, 9)
    await look(scene)
    await scene.write('DELETE FROM customers WHERE id = 9')
    scene.clock.at += 1_000
    await look(scene)
    scene.clock.at += settleMs - 1_000
    expect(await look(scene)).toBe('news')
    expect(await announcedId(scene)).toBe(9)
    scene.clock.at += settleMs
    expect(await look(scene)).toBe('nothing')
    expect(await announcedId(scene)).toBe(9)
  })
})

describe('any look', () => {
  it('that another one has overtaken leaves the bound where that one put it', async ({ createScene }) => {
    const scene = await createScene()
    await insert(scene, 1, -2)
    scene.duringNextLook(async () => {
      await insert(scene, 2, -1)
      expect(await look(scene)).toBe('news')
    })
    await look(scene)
    expect(await announcedId(scene)).toBe(2)
    expect((await scene.progress()).sequence).toBe(1)
  })

  it('passes over rows that have no value in cursor or key', async ({ createScene }) => {
    const scene = await createScene()
    await insert(scene, 1, -1_000)
    await scene.write(
      `INSERT INTO customers VALUES (NULL, 'no key', ${scene.time(-1)}), (2, 'no time', NULL)`,
    )
    expect(await look(scene)).toBe('news')
    expect(await announcedId(scene)).toBe(1)
  })

  it('that fails tells why, and keeps the bound', async ({ createScene }) => {
    const scene = await createScene()
    await insert(scene, 1, -1)
    await look(scene)
    const before = await scene.progress()
    await scene.write('ALTER TABLE customers RENAME TO others')
    expect(await look(scene)).toBe('failed')
    expect(await scene.progress()).toEqual({ ...before, errorCode: 'not_found' })
    await scene.write('ALTER TABLE others RENAME TO customers')
    await insert(scene, 2, 0)
    expect(await look(scene)).toBe('news')
    expect(await scene.progress()).toMatchObject({ errorCode: null, sequence: 2 })
  })
})

describe('a look at rows that have a time and a key', () => {
  const byTime = { cursorMode: 'TIMESTAMP', incrementColumn: null, settleMs } as const

  it('announces a row of a time that was announced before, if its key is greater', async ({
    createScene,
  }) => {
    const scene = await createScene(byTime)
    await insert(scene, 1, -settleMs)
    expect(await look(scene)).toBe('news')
    expect(await scene.bound()).toEqual([expect.any(String), '1'])
    await insert(scene, 2, -settleMs)
    expect(await look(scene)).toBe('news')
    expect(await announcedId(scene)).toBe(2)
  })
})

it('a look by a version that runs no more announces nothing: its cursor may be another', async ({
  createScene,
}) => {
  const scene = await createScene()
  await insert(scene, 1)
  const { db } = scene.deps
  scene.duringNextLook(() => db.workspace.updateMany({ data: { liveVersion: 2 } }))
  await look(scene)
  expect(await scene.bound()).toBeNull()
})
