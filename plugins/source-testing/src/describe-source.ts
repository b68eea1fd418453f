/** The suite: what holds for every data source, on tables that whoever tests it has made. */
import type { Source, SourceConnection } from '@sluice/connector-sdk'
import { afterAll, beforeAll, describe } from 'vitest'
import { createSuiteScene, type SuiteScene } from './suite-scene.ts'
import { suiteTables } from './suite-tables.ts'
import { testConditions } from './test-conditions.ts'
import { testOrder } from './test-order.ts'
import { testQueries } from './test-queries.ts'
import { testStops } from './test-stops.ts'
import type { PreparedSource, TestTable } from './test-table.ts'
import { testTables } from './test-tables.ts'
import { testValues } from './test-values.ts'

export interface SourceUnderTest {
  readonly source: Source
  /** Makes these tables in a database that nobody else uses. */
  prepare(tables: readonly TestTable[]): Promise<PreparedSource>
}

/**
 * Declares the tests. Call it in a test file of the source's package.
 *
 * @example
 * ```ts
 * describeSource({ source, prepare: async (tables) => ({ settings, secrets: {}, context, tableOf, remove }) })
 * ```
 */
export function describeSource({ source, prepare }: SourceUnderTest): void {
  describe(`the data source ${source.id}`, () => {
    let prepared: PreparedSource | undefined
    let connection: SourceConnection | undefined
    let scene: SuiteScene | undefined

    beforeAll(async () => {
      prepared = await prepare(suiteTables)
      connection = await source.connect(prepared.settings, prepared.secrets, prepared.context)
      scene = createSuiteScene(source, prepared, connection)
    })
    afterAll(async () => {
      await connection?.close()
      await prepared?.remove()
    })

    const current = (): SuiteScene => {
      if (scene === undefined) throw new Error('The tables were not made.')
      return scene
    }
    testTables(current)
    testValues(current)
    testOrder(current)
    testConditions(current)
    testQueries(current)
    testStops(current)
  })
}
