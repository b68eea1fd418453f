/** Tables and their columns: listed, described, and read whatever their names. */
import { SourceError } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import type { SuiteScene } from './suite-scene.ts'
import { changes, odd, oddName, suiteTables, values } from './suite-tables.ts'

export function testTables(scene: () => SuiteScene): void {
  describe('tables', () => {
    it('are all listed', async () => {
      const { connection, prepared } = scene()
      const listed = await connection.listTables()
      expect(listed).toEqual(expect.arrayContaining(suiteTables.map(({ name }) => prepared.tableOf(name))))
    })

    it('have columns of every attribute type, in their order', async () => {
      const { connection, prepared } = scene()
      const columns = await connection.describe(prepared.tableOf(values.name))
      expect(columns.map(({ name, type }) => [name, type])).toEqual([
        ['id', 'number'],
        ['whole', 'number'],
        ['large', 'number'],
        ['exact', 'number'],
        ['double', 'number'],
        ['flag', 'boolean'],
        ['text', 'string'],
        ['wall', 'date'],
        ['at', 'date'],
        ['day', 'date'],
        ['texts', 'stringArray'],
        ['numbers', 'numberArray'],
        ['flags', 'booleanArray'],
      ])
    })

    it('with quotes, dots, spaces and other letters in names are read like any other', async () => {
      const { connection, prepared, reading, all } = scene()
      const columns = await connection.describe(prepared.tableOf(oddName))
      expect(columns.map(({ name }) => name)).toEqual(['id', oddName, 'a.b', 'UPPER'])
      expect(await all(await reading(odd, ['id']))).toEqual([
        [1, "it's", 7, true, '1'],
        [2, null, null, null, '2'],
      ])
    })

    it('that are not there are not found, and a query for one fails', async () => {
      const { connection, prepared } = scene()
      const missing = { ...prepared.tableOf(changes.name), name: 'nonesuch' }
      await expect(connection.describe(missing)).rejects.toMatchObject({ code: 'not_found' })
      const query = connection.query({
        sql: 'SELECT 1 AS a FROM nonesuch',
        parameters: [],
        columns: [{ name: 'a', type: 'number' }],
      })
      await expect(query).rejects.toBeInstanceOf(SourceError)
    })
  })

  describe('the clock', () => {
    it.each(['at', 'local_at'])('tells the time of %s, less what is asked', async (name) => {
      const { connection, source, reading, rows } = scene()
      const timeZone = 'Asia/Kathmandu'
      const column = (await reading(changes, [name])).order[0]
      if (column === undefined) throw new Error('An order has columns.')
      const { nativeType } = column
      const text = await connection.now({ nativeType, timeZone, minusMs: 3_600_000 })
      const { dialect } = source
      const [[told] = []] = await rows({
        sql: `SELECT ${dialect.value(dialect.parameter(1, nativeType), column, timeZone)} AS a`,
        parameters: [text],
        columns: [{ name: 'a', type: 'date' }],
      })
      expect(told).toBeInstanceOf(Date)
      expect(Math.abs(Number(told) - (Date.now() - 3_600_000))).toBeLessThan(10_000)
    })

    it('tells nothing for a column without time', async () => {
      const { connection, reading } = scene()
      const nativeType = (await reading(changes, ['id'])).order[0]?.nativeType ?? ''
      const told = connection.now({ nativeType, timeZone: 'UTC', minusMs: 0 })
      await expect(told).rejects.toMatchObject({ code: 'bad_settings' })
    })
  })
}
