/** Tests that rows without a place in the order are counted, and that counting stays cheap. */
import { it as baseIt, expect } from 'vitest'
import { createSourceScene, type SourceScene } from '../../test/harness/source-scene.ts'
import type { Look } from './look-once.ts'
import { createCountNullPositions } from './null-positions.ts'

const it = baseIt.extend<{ readonly scene: CountScene }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants the pattern
  scene: async ({}, use) => {
    const scene = await createCountScene()
    await use(scene)
    await scene.close()
  },
})

interface CountScene extends SourceScene {
  /** A minute later, unless told otherwise. */
  afterLook(look: Look, passedMs?: number): Promise<void>
  /** Takes another worker's place. */
  restart(): void
  counted(): Promise<number>
  /** How often the source was connected to. */
  connections(): number
}

const minuteMs = 60_000
const nulls = "(NULL, 'no key', now()::TIMESTAMP), (3, 'no time', NULL), (NULL, 'neither', NULL)"

async function createCountScene(): Promise<CountScene> {
  const scene = await createSourceScene()
  const { live } = scene
  await scene.deps.db.sourceProgress.create({
    data: { workspaceId: live.workspaceId, dataSourceId: live.source.id },
  })
  let connections = 0
  const deps: typeof scene.deps = {
    ...scene.deps,
    connectSource: (source) => {
      connections += 1
      return scene.deps.connectSource(source)
    },
  }
  let count = createCountNullPositions(deps)
  return {
    ...scene,
    afterLook(look, passedMs = minuteMs) {
      scene.clock.at += passedMs
      return count(live, look)
    },
    restart() {
      count = createCountNullPositions(deps)
    },
    counted: async () => Number((await scene.progress()).nullPositions),
    connections: () => connections,
  }
}

it('rows without a value in key or cursor are counted, and filled ones no more', async ({ scene }) => {
  await scene.write("INSERT INTO customers VALUES (1, 'whole', now()::TIMESTAMP)")
  await scene.afterLook('news')
  expect(await scene.counted()).toBe(0)
  await scene.write(`INSERT INTO customers VALUES ${nulls}`)
  await scene.afterLook('nothing')
  expect(await scene.counted()).toBe(3)
  expect((await scene.progress()).nullPositionsAt).toEqual(new Date(scene.clock.at))
  await scene.write('UPDATE customers SET changed_at = now()::TIMESTAMP WHERE id = 3')
  await scene.afterLook('news')
  expect(await scene.counted()).toBe(2)
})

it('they are counted at most once a minute, and what that delays is made up for', async ({ scene }) => {
  await scene.afterLook('news')
  expect(scene.connections()).toBe(1)
  await scene.write(`INSERT INTO customers VALUES ${nulls}`)
  await scene.afterLook('news', minuteMs - 1)
  expect(scene.connections()).toBe(1)
  // Another worker keeps to the same minute.
  scene.restart()
  await scene.afterLook('news', 0)
  expect(scene.connections()).toBe(1)
  await scene.afterLook('nothing', 1)
  expect(await scene.counted()).toBe(3)
})

it('they are not counted again while nothing has changed', async ({ scene }) => {
  await scene.afterLook('news')
  for (let minute = 0; minute < 5; minute += 1) await scene.afterLook('nothing')
  expect(scene.connections()).toBe(1)
  await scene.afterLook('news')
  expect(scene.connections()).toBe(2)
})

it('a source that fails meanwhile is counted when it works again', async ({ scene }) => {
  await scene.write(`INSERT INTO customers VALUES ${nulls}`, 'ALTER TABLE customers RENAME TO others')
  await scene.afterLook('failed')
  expect(scene.connections()).toBe(0)
  await scene.afterLook('news')
  expect(await scene.progress()).toMatchObject({ nullPositions: 0n, nullPositionsAt: null, errorCode: null })
  // Not at every look: one that fails late costs as much as one that works.
  await scene.afterLook('nothing', minuteMs - 1)
  expect(scene.connections()).toBe(1)
  await scene.write('ALTER TABLE others RENAME TO customers')
  await scene.afterLook('nothing', 1)
  expect(await scene.counted()).toBe(3)
})
