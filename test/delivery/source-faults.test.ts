/** A source that cannot be read says why, and delivery goes on by itself when it can. */
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type DuckdbWriter, startDuckdbWriter } from '../harness/duckdb-writer.ts'
import { mutate } from '../harness/mutate.ts'
import { attribute, type Scene, withScenes } from '../harness/scene.ts'
import type { Row } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'

let stack: Stack
let writer: DuckdbWriter
const it = withScenes(() => stack)
beforeAll(async () => {
  writer = startDuckdbWriter()
  stack = await startStack()
})
afterAll(async () => {
  await stack.close()
  await writer.close()
})

const mappings = [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')]

function users(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, plan: 'free' }))
}

async function replaceText({ source: { path } }: Scene, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

function untilCode(scene: Scene, code: string): Promise<unknown> {
  return until(`the source tells ${code}`, async () => (await scene.look()).source.errorCode === code)
}

describe.concurrent('a file', () => {
  it('that is replaced by a broken one is reported, and read again when it is repaired', async ({
    createScene,
  }) => {
    const scene = await createScene({ from: users(2), mappings })
    await scene.settled(2)
    await replaceText(scene, 'id,plan\n1,free\n2,"free\n3,free\n')
    await untilCode(scene, 'bad_file')
    expect((await scene.look()).counts).toMatchObject({ matched: 2, delivered: 2 })
    await scene.replaceRows(users(4))
    const { counts, source } = await scene.settled(4)
    expect(source.errorCode).toBeNull()
    expect(counts).toMatchObject({ matched: 4, delivered: 4 })
    expect(scene.braze.objects).toBe(4)
  })

  it('that is taken away is missed, and read again when it is back', async ({ createScene }) => {
    const scene = await createScene({ from: users(1), mappings })
    await scene.settled(1)
    await rm(scene.source.path)
    await untilCode(scene, 'not_found')
    await scene.replaceRows(users(3))
    const { counts, source } = await scene.settled(3)
    expect(source.errorCode).toBeNull()
    expect(counts).toMatchObject({ matched: 3, delivered: 3 })
  })

  it('that breaks while a delivery is under way costs no record', async ({ createScene }) => {
    const scene = await createScene({ from: users(300), mappings, apiKey: 'wrong' })
    await until('the action is paused', async () => (await scene.look()).deliveries[0]?.state === 'PAUSED')
    await replaceText(scene, 'id,plan\n1,"free\n')
    await mutate(stack, 'updateConnector', {
      ...scene.connector,
      settings: { endpoint: scene.braze.url, apiKey: scene.braze.apiKey },
    })
    await mutate(stack, 'resumeAction', { id: scene.action.id })
    await until('the delivery tells why it stands', async () => {
      const [delivery] = (await scene.look()).deliveries
      return delivery?.errorCode === 'bad_file' && delivery.waiting === 300
    })
    await scene.replaceRows(users(300))
    const { counts, deliveries } = await scene.settled(300)
    expect(counts).toMatchObject({ matched: 300, delivered: 300 })
    expect(deliveries).toMatchObject([{ state: 'COMPLETED', errorCode: null }])
    expect(scene.braze.objects).toBe(300)
  })

  it('that loses a mapped column stops with a code, and goes on when it has it again', async ({
    createScene,
  }) => {
    const scene = await createScene({ from: users(1), mappings })
    await scene.settled(1)
    await scene.replaceRows([{ id: 1 }, { id: 2 }])
    await untilCode(scene, 'column_missing')
    expect((await scene.look()).deliveries).toHaveLength(1)
    await scene.replaceRows(users(2))
    expect((await scene.settled(2)).counts).toMatchObject({ matched: 2, delivered: 2 })
  })

  it("that loses a column of the segment is reported, although its rows' order can still be read", async ({
    createScene,
  }) => {
    const scene = await createScene({
      from: users(1),
      conditions: { any: [{ all: [{ attribute: 'plan', operator: 'equals', value: 'free' }] }] },
      mappings: mappings.slice(0, 1),
    })
    await scene.settled(1)
    await scene.replaceRows([{ id: 1 }, { id: 2 }])
    await untilCode(scene, 'column_missing')
    await scene.replaceRows(users(2))
    expect((await scene.settled(2)).counts).toMatchObject({ matched: 2, delivered: 2 })
  })
})

describe.concurrent('a .duckdb file that is open in a writer', () => {
  it('is waited for, and read when the writer has closed it', async ({ createScene }) => {
    const path = join(stack.folder, 'held.duckdb')
    await writer.write(
      path,
      'CREATE TABLE customers (id BIGINT, plan VARCHAR)',
      "INSERT INTO customers VALUES (1, 'free')",
    )
    const scene = await createScene({ from: path, mappings })
    await scene.settled(1)
    const release = await writer.hold(path, "INSERT INTO customers VALUES (2, 'new'), (3, 'new')")
    await untilCode(scene, 'locked')
    await sleep(500)
    expect((await scene.look()).counts).toMatchObject({ matched: 1, delivered: 1 })
    await release()
    const { counts, source } = await scene.settled(3)
    expect(source.errorCode).toBeNull()
    expect(counts).toMatchObject({ matched: 3, delivered: 3 })
    expect(scene.braze.objects).toBe(3)
  })
})
