/** Before each look at a source: what has become of its columns is kept for people, and stops it where lanes read them. */
import { isDeepStrictEqual } from 'node:util'
import type { SourceConnection } from '@sluice/connector-sdk'
import { LaneNotRunnableError } from '../../engine/compile.ts'
import { orderColumns } from '../../engine/reading/position.ts'
import { anyRowStatement } from '../../engine/reading/statements.ts'
import type { PrismaClient, SourceProgress } from '../../prisma/generated/client/client.ts'
import type { CompiledLanes } from '../deliveries/compiled-lanes.ts'
import type { Registry } from '../registry/registry.ts'
import { asJsonArray } from '../workspaces/json.ts'
import { type BrokenColumns, brokenColumns, columnChanges } from './column-changes.ts'
import { describeColumns } from './describe-query.ts'
import { installedDialect } from './installed-dialect.ts'
import type { LiveSource } from './live-source.ts'

interface Deps {
  readonly db: PrismaClient
  readonly registry: Registry
  readonly compiledLanes: CompiledLanes
}

/** Lanes read a column that is gone, or is no longer of its type: nothing is planned until that is put right. */
export class ColumnsBroken extends Error {
  override readonly name = 'ColumnsBroken'
  readonly code: BrokenColumns
  constructor(code: BrokenColumns) {
    super('A column that is read is missing, or its type has changed.')
    this.code = code
  }
}

/** Throws {@link ColumnsBroken}. */
export async function watchColumns(
  deps: Deps,
  live: LiveSource,
  progress: SourceProgress,
  connection: SourceConnection,
): Promise<'readable' | 'empty'> {
  const { source } = live
  const now = await describeColumns(connection, source.query)
  const changes = asJsonArray(columnChanges(source.columns, now))
  if (!isDeepStrictEqual(changes, progress.columnChanges)) {
    await deps.db.sourceProgress.updateMany({
      where: { dataSourceId: source.id },
      data: { columnChanges: changes },
    })
  }
  if (changes.length === 0) return 'readable'
  const order = orderColumns(source).map(({ name }) => name)
  const broken = brokenColumns(source.columns, now, { order, attributes: await attributesRead(deps, live) })
  if (broken === null) return 'readable'
  if (broken === 'column_changed' && (await isEmpty(deps, live, connection))) return 'empty'
  throw new ColumnsBroken(broken)
}

/** A csv file without rows says nothing of the types of its columns. */
async function isEmpty({ registry }: Deps, live: LiveSource, connection: SourceConnection): Promise<boolean> {
  const dialect = installedDialect(registry, live.connection)
  return (await connection.query(anyRowStatement(live.source, dialect))).length === 0
}

async function attributesRead(
  { compiledLanes }: Deps,
  { workspaceId, versionNumber, actionIds }: LiveSource,
): Promise<readonly string[]> {
  const read = await Promise.all(
    actionIds.map(async (actionId) => {
      try {
        return (await compiledLanes(workspaceId, versionNumber, actionId)).attributes
      } catch (error) {
        // It does not run, for a reason of its own, so it reads nothing.
        if (error instanceof LaneNotRunnableError) return []
        throw error
      }
    }),
  )
  return [...new Set(read.flat())]
}
