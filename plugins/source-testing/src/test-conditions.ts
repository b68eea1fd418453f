/** Conditions and parameters: exact characters, and never SQL. */
import { describe, expect, it } from 'vitest'
import { countStatement, tableOf } from './statements.ts'
import type { SuiteScene } from './suite-scene.ts'
import { changeCount, changes, keyTexts, likes, textKeys, values } from './suite-tables.ts'

export function testConditions(scene: () => SuiteScene): void {
  async function idsWhere(
    build: (expression: string, parameter: string) => string,
    text: string,
  ): Promise<unknown> {
    const { source, reading, rows } = scene()
    const { dialect } = source
    const whole = await reading(likes, ['id'])
    const parameter = dialect.parameter(1, dialect.nativeType('string'))
    const found = await rows({
      sql: `SELECT ${dialect.quote('id')} AS a FROM ${tableOf(whole)} WHERE ${build(dialect.text(dialect.quote('text')), parameter)} ORDER BY 1`,
      parameters: [text],
      columns: [{ name: 'a', type: 'number' }],
    })
    return found.map(([id]) => id)
  }

  describe('conditions on texts', () => {
    it.each([
      ['contains', '%', [1, 3, 5, 7]],
      ['contains', '_', [1, 3]],
      ['contains', 'a%', [1, 5]],
      ['contains', 'B', [3]],
      ['contains', '\\', [7]],
      ['contains', 'e\u0301', [6]],
      ['contains', 'é', [6]],
      ['contains', 'e', [6]],
      ['contains', 'nonesuch', []],
      ['contains', '', [1, 2, 3, 5, 6, 7, 8]],
      ['startsWith', 'a%', [1]],
      ['startsWith', 'A', [3]],
      ['startsWith', '😀', [5]],
      ['startsWith', 'é', []],
      ['startsWith', '', [1, 2, 3, 5, 6, 7, 8]],
      ['endsWith', '_c', [1]],
      ['endsWith', '_C', [3]],
      ['endsWith', 'é', [6]],
      ['endsWith', '%', [5, 7]],
      ['endsWith', '', [1, 2, 3, 5, 6, 7, 8]],
      ['endsWith', 'longer than any of the texts', []],
    ] as const)('%s %j goes by exact characters', async (operator, text, ids) => {
      const { dialect } = scene().source
      expect(
        await idsWhere((expression, parameter) => dialect[operator](expression, parameter), text),
      ).toEqual(ids)
    })

    it('= by the text of a value holds for itself alone', async () => {
      const { source, reading, rows } = scene()
      const { dialect } = source
      const whole = await reading(textKeys, ['key'])
      const text = dialect.text(dialect.quote('key'))
      for (const key of keyTexts) {
        const condition = {
          sql: `${text} = ${dialect.parameter(1, dialect.nativeType('string'))}`,
          parameters: [key],
        }
        expect(await rows(countStatement(whole, condition))).toEqual([[1]])
      }
    })
  })

  describe('parameters', () => {
    it('of every type compare with columns', async () => {
      const { source, reading, rows } = scene()
      const { dialect } = source
      const whole = await reading(values, ['id'])
      const parameter = (index: number, type: 'string' | 'number' | 'boolean' | 'date') =>
        dialect.parameter(index, dialect.nativeType(type))
      const sql = [
        `${dialect.text(dialect.quote('whole'))} = ${parameter(1, 'string')}`,
        `CAST(${dialect.quote('exact')} AS ${dialect.nativeType('number')}) < ${parameter(2, 'number')}`,
        `${dialect.quote('flag')} = ${parameter(3, 'boolean')}`,
        `CAST(${dialect.quote('at')} AS ${dialect.nativeType('date')}) <= ${parameter(4, 'date')}`,
      ].join(' AND ')
      const parameters = ['7', '0', 'false', '1970-01-01T00:00:00.000Z']
      expect(await rows(countStatement(whole, { sql, parameters }))).toEqual([[1]])
    })

    it('are never SQL', async () => {
      const { source, reading, rows } = scene()
      const { dialect } = source
      const whole = await reading(changes, ['id'])
      const text = dialect.parameter(1, dialect.nativeType('string'))
      for (const attempt of [
        "x'); DROP TABLE changes; --",
        "' OR '1' = '1",
        '$1',
        '"',
        "\\'; SELECT 1; --",
      ]) {
        const condition = { sql: `${dialect.text(dialect.quote('note'))} = ${text}`, parameters: [attempt] }
        expect(await rows(countStatement(whole, condition))).toEqual([[0]])
      }
      expect(await rows(countStatement(whole, { sql: 'TRUE', parameters: [] }))).toEqual([[changeCount]])
    })

    it('that do not fit their type are refused without being repeated', async () => {
      const { source, reading, connection } = scene()
      const whole = await reading(changes, ['id'])
      const { dialect } = source
      const sql = `${dialect.quote('id')} > ${dialect.parameter(1, whole.order[0]?.nativeType ?? '')}`
      const failure = await connection
        .query(countStatement(whole, { sql, parameters: ['CANARY-7f3a'] }))
        .catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'bad_query', isTransient: false })
      expect(failure).toBeInstanceOf(Error)
      if (failure instanceof Error) {
        expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure)}`).not.toContain('CANARY')
        expect(failure.cause).toBeUndefined()
      }
    })

    it('have to be as many as the query has', async () => {
      const { connection } = scene()
      const columns = [{ name: 'a', type: 'number' }] as const
      const query = connection.query({ sql: 'SELECT 1 AS a', parameters: ['1'], columns })
      await expect(query).rejects.toMatchObject({ code: 'bad_query' })
    })
  })

  it.each(['DELETE FROM changes', 'SELECT 1 AS a; SELECT 2 AS a', 'SELECT FROM'])(
    'only a single SELECT is run: %s',
    async (sql) => {
      const { connection } = scene()
      const query = connection.query({ sql, parameters: [], columns: [{ name: 'a', type: 'number' }] })
      await expect(query).rejects.toMatchObject({ code: 'bad_query' })
    },
  )
}
