/** SQL that people write: described, read as a derived table, and refused unless it only reads and stays in its brackets. */
import { describe, expect, it } from 'vitest'
import { tableOf } from './statements.ts'
import { rowsOf, type SuiteScene } from './suite-scene.ts'
import { changeCount, changes, textKeys, values } from './suite-tables.ts'

const canary = 'CANARY-7f3a'

export function testQueries(scene: () => SuiteScene): void {
  const nameOf = (table: { readonly name: string }) =>
    tableOf({ table: scene().prepared.tableOf(table.name), dialect: scene().source.dialect })

  describe('a SELECT that a person wrote', () => {
    it('has the columns, with their types, that the table has', async () => {
      const { connection, prepared } = scene()
      for (const table of [values, textKeys]) {
        const described = await connection.describeSql(`SELECT * FROM ${nameOf(table)}`)
        const columns = await connection.describe(prepared.tableOf(table.name))
        expect(described.map(({ nullable: _, ...column }) => column)).toEqual(
          columns.map(({ nullable: _, ...column }) => column),
        )
      }
    })

    it('joins, calculates and casts, and is read as a table', async () => {
      const { connection } = scene()
      const sql = `WITH late AS (SELECT id, note FROM ${nameOf(changes)} WHERE id >= 4998)
        SELECT a.id, a.id + 1 AS next, CAST(b.id AS varchar) AS text
          FROM late AS a JOIN ${nameOf(changes)} AS b ON a.id = b.id -- the end`
      const columns = await connection.describeSql(sql)
      expect(columns.map(({ name, type }) => [name, type])).toEqual([
        ['id', 'number'],
        ['next', 'number'],
        ['text', 'string'],
      ])
      const statement = {
        sql: `SELECT id, next, text FROM (${sql}\n) AS q ORDER BY id`,
        parameters: [],
        columns,
      }
      expect(rowsOf(await connection.query(statement))).toEqual([
        [4998, 4999, '4998'],
        [4999, 5000, '4999'],
      ])
    })

    it.each([
      'DELETE FROM changes',
      'UPDATE changes SET id = 1',
      'INSERT INTO changes VALUES (1)',
      'DROP TABLE changes',
      'CREATE TABLE mine (id integer)',
      'WITH gone AS (DELETE FROM changes RETURNING id) SELECT id FROM gone',
      'SELECT 1 AS a; SELECT 2 AS a',
      'SELECT 1 AS a; DROP TABLE changes',
      'SELECT 1 AS a) AS x UNION ALL SELECT * FROM (SELECT 2 AS a',
      'SELECT 1 AS a /* and no end',
      'SELECT $1 AS a',
      'SET search_path = public',
      'nonsense',
      '',
    ])('is one statement that only reads: %j is refused', async (text) => {
      const sql = text.replaceAll('changes', nameOf(changes))
      const { connection } = scene()
      await expect(connection.describeSql(sql)).rejects.toMatchObject({
        name: 'SourceError',
        code: expect.stringMatching(/^(bad_query|not_allowed)$/),
        isTransient: false,
      })
      await expectAllRows()
    })

    it('that is wrong says where, and repeats no value', async () => {
      const { connection } = scene()
      const failure = await connection
        .describeSql(`SELECT id,\n  '${canary}' ||| FROM ${nameOf(changes)}`)
        .catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'bad_query', place: { line: 2 } })
      expect(`${failure} ${JSON.stringify(failure)}`).not.toContain(canary)
      await expect(connection.describeSql(`SELECT nope FROM ${nameOf(changes)}`)).rejects.toMatchObject({
        code: 'bad_query',
        message: expect.stringContaining('column'),
      })
    })
  })

  describe('a condition that a person wrote', () => {
    it.each([
      'id > 10',
      "note = 'it''s (' OR note IS NULL",
      'id IN (1, 2) AND NOT (id BETWEEN 3 AND 4) -- and so on',
      'CASE WHEN id > 1 THEN TRUE ELSE FALSE END',
    ])('is an expression on a row: %j', async (condition) => {
      const { connection, prepared } = scene()
      await connection.checkCondition(prepared.tableOf(changes.name), condition)
    })

    it.each([
      'id IN (SELECT 1)',
      'EXISTS (SELECT 1)',
      'id = (SELECT max(id) FROM changes)',
      'id > ALL (SELECT 1)',
      '(SELECT TRUE)',
      "note = CASE WHEN id > 1 THEN (SELECT 'a') ELSE 'b' END",
      'TRUE) UNION SELECT * FROM changes WHERE (TRUE',
      'TRUE; DELETE FROM changes',
      'TRUE ORDER BY id',
      'TRUE) ORDER BY (id',
      'TRUE) LIMIT (1',
      'TRUE /* and no end',
      'nope = 1',
      'count(*) > 1',
      '$1 = 1',
      'id =',
      '',
    ])('has no sub-select and stays in its brackets: %j is refused', async (text) => {
      const { connection, prepared } = scene()
      const condition = text.replaceAll('changes', nameOf(changes))
      await expect(
        connection.checkCondition(prepared.tableOf(changes.name), condition),
      ).rejects.toMatchObject({ name: 'SourceError', code: 'bad_query', isTransient: false })
      await expectAllRows()
    })

    it('that is wrong says where, and repeats no value', async () => {
      const { connection, prepared } = scene()
      const failure = await connection
        .checkCondition(prepared.tableOf(changes.name), `id > 1\n AND note ||| '${canary}'`)
        .catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'bad_query', place: { line: 2 } })
      expect(`${failure} ${JSON.stringify(failure)}`).not.toContain(canary)
    })
  })

  async function expectAllRows(): Promise<void> {
    const count = await scene().rows({
      sql: `SELECT count(*) AS rows FROM ${nameOf(changes)}`,
      parameters: [],
      columns: [{ name: 'rows', type: 'number' }],
    })
    expect(count).toEqual([[changeCount]])
  }
}
