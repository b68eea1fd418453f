/** Reads a stretch as pages of matched items: bounded by rows and by bytes, whatever a batch holds. */
import type { RecordBatch, SourceConnection } from '@sluice/connector-sdk'
import type { CompiledLane } from '../compile.ts'
import { type Position, positionSchema, type Stretch } from '../reading/position.ts'
import { everyNthPositionStatement, stretchStatement } from '../reading/statements.ts'
import { type Item, itemOf } from './item.ts'

interface Reading {
  readonly connection: SourceConnection
  readonly lane: CompiledLane
  /** The lane, or one for each piece of a re-scan: their rows follow each other in the order of the source. */
  readonly lanes: readonly CompiledLane[]
}

const pageRows = 2_000
const pageBytes = 2 * 1024 * 1024

/** A long stretch, range by range: a query reads one. */
export async function* readStretch(
  reading: Reading,
  stretch: Stretch,
  signal: AbortSignal,
): AsyncGenerator<readonly Item[]> {
  let { after } = stretch
  for (const until of [...(await rangeEnds(reading, stretch)), stretch.until]) {
    yield* readPages(reading, { after, until }, signal)
    after = until
  }
}

async function rangeEnds({ connection, lane }: Reading, stretch: Stretch): Promise<readonly Position[]> {
  const { dialect, prefilter, source } = lane
  if (source.batchRows === null) return []
  const { columns, length } = await connection.query(
    everyNthPositionStatement(source, dialect, stretch, source.batchRows, prefilter),
  )
  return Array.from({ length }, (_, row) => positionSchema.parse(columns.map((values) => values[row])))
}

/** Pages of items, in the order of the source. A page without items is not yielded. */
export async function* readPages(
  { connection, lanes }: Reading,
  stretch: Stretch,
  signal: AbortSignal,
): AsyncGenerator<readonly Item[]> {
  let items: Item[] = []
  let rows = 0
  let bytes = 0
  for (const lane of lanes) {
    const statement = stretchStatement(lane, stretch, lane.prefilter)
    for await (const batch of connection.stream(statement, signal)) {
      for (let row = 0; row < batch.length; row += 1) {
        const item = itemOf(lane, batch, row)
        if (item !== null) items.push(item)
      }
      rows += batch.length
      bytes += bytesOf(batch)
      if (rows < pageRows && bytes < pageBytes) continue
      if (items.length > 0) yield items
      items = []
      rows = 0
      bytes = 0
    }
  }
  if (items.length > 0) yield items
}

/** Roughly what the texts of a batch hold; other values are small. */
function bytesOf({ columns }: RecordBatch): number {
  let bytes = 0
  for (const column of columns) {
    for (const value of column) if (typeof value === 'string') bytes += value.length
  }
  return bytes
}
