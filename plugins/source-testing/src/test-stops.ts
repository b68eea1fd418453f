/** Streams that are left, stopped, or run side by side; results that are too large. */
import { SourceError } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { stretchStatement, tableOf } from './statements.ts'
import { collect, never, type SuiteScene } from './suite-scene.ts'
import { changeCount, changes } from './suite-tables.ts'

export function testStops(scene: () => SuiteScene): void {
  const ids = async () => stretchStatement(await scene().reading(changes, ['id'], { attributes: ['id'] }))
  /** So many combinations that no machine counts them in a test's time. */
  const endless = async () => {
    const whole = await scene().reading(changes, ['id'])
    const from = ['a', 'b', 'c', 'd'].map((name) => `${tableOf(whole)} AS ${name}`).join(', ')
    return {
      sql: `SELECT count(*) AS a0 FROM ${from} WHERE a.id + b.id * c.id + d.id % 7 < 0`,
      parameters: [],
      columns: [{ name: 'a', type: 'number' }],
      orderBy: ['a0'],
    } as const
  }

  describe('stopping', () => {
    it('a stream that is under way takes a moment, and gives the reason', async () => {
      const { connection } = scene()
      const stop = new AbortController()
      const reading = collect(connection.stream(await endless(), stop.signal))
      setTimeout(() => stop.abort(new Error('enough')), 200)
      const startedAt = performance.now()
      await expect(reading).rejects.toThrow('enough')
      expect(performance.now() - startedAt).toBeLessThan(5_000)
    })

    it('is possible before the start, at the start and between two batches', async () => {
      const { connection } = scene()
      const before = connection.stream(await ids(), AbortSignal.abort(new Error('before')))
      await expect(collect(before)).rejects.toThrow('before')

      const atStart = new AbortController()
      const started = collect(connection.stream(await endless(), atStart.signal))
      atStart.abort(new Error('at the start'))
      await expect(started).rejects.toThrow('at the start')

      const between = new AbortController()
      const batches = connection.stream(await ids(), between.signal)[Symbol.asyncIterator]()
      await batches.next()
      between.abort(new Error('between'))
      await expect(batches.next()).rejects.toThrow('between')
    })

    it('leaves a connection that reads on', async () => {
      const { connection } = scene()
      for (let round = 0; round < 5; round += 1) {
        for await (const { length } of connection.stream(await ids(), never)) {
          expect(length).toBeGreaterThan(0)
          break
        }
      }
      expect(await collect(connection.stream(await ids(), never))).toHaveLength(changeCount)
    })

    it('by closing fails what is under way, and what is asked later', async () => {
      const { source, prepared } = scene()
      const connection = await source.connect(prepared.settings, prepared.secrets, prepared.context)
      const reading = collect(connection.stream(await endless(), never))
      const failed = expect(reading).rejects.toBeInstanceOf(SourceError)
      await new Promise((resolve) => setTimeout(resolve, 200))
      await connection.close()
      await failed
      await expect(connection.listTables()).rejects.toBeInstanceOf(SourceError)
      await connection.close()
    })
  })

  describe('streams', () => {
    it('run side by side on one connection, also beside queries', async () => {
      const { connection, rows } = scene()
      const streams = [await ids(), await ids(), await ids()].map((statement) =>
        connection.stream(statement, never)[Symbol.asyncIterator](),
      )
      const counts = streams.map(() => 0)
      for (let isOpen = true; isOpen; ) {
        isOpen = false
        for (const [index, stream] of streams.entries()) {
          const { done, value } = await stream.next()
          if (done === true) continue
          isOpen = true
          counts[index] = (counts[index] ?? 0) + value.length
        }
        const one = {
          sql: 'SELECT 1 AS a',
          parameters: [],
          columns: [{ name: 'a', type: 'number' }],
        } as const
        expect(await rows(one)).toEqual([[1]])
      }
      expect(counts).toEqual(streams.map(() => changeCount))
    })

    it('of a type that the column no longer has are refused', async () => {
      const { connection } = scene()
      const statement = await ids()
      const asText = [{ name: 'id', type: 'boolean' }, ...statement.columns.slice(1)] as const
      const reading = collect(connection.stream({ ...statement, columns: asText }, never))
      await expect(reading).rejects.toMatchObject({ code: 'bad_query' })
    })

    it('of nothing end at once', async () => {
      const { connection } = scene()
      const statement = await ids()
      const nothing = { ...statement, sql: `${statement.sql} AND FALSE` }
      expect(await collect(connection.stream(nothing, never))).toEqual([])
    })
  })

  it('a small result is refused when it is not small', async () => {
    const { connection, reading } = scene()
    const whole = await reading(changes, ['id'])
    const query = connection.query({
      sql: `SELECT a.id AS a FROM ${tableOf(whole)} AS a, ${tableOf(whole)} AS b`,
      parameters: [],
      columns: [{ name: 'a', type: 'number' }],
    })
    await expect(query).rejects.toMatchObject({ code: 'bad_query' })
  })
}
