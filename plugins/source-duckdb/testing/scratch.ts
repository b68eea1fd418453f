/** What the tests of this package share: a folder of their own, files made in it, and connections to them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type {
  AttributeValue,
  OrderedStatement,
  RecordBatch,
  SourceColumn,
  SourceConnection,
} from '@sluice/connector-sdk'
import { onTestFinished } from 'vitest'
import source from '../src/index.ts'

export const { dialect } = source
export const never = new AbortController().signal

export async function scratchFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'source-duckdb-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export async function scratchFile(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(await scratchFolder(), name)
  await writeFile(file, content)
  return file
}

/** A DuckDB file made by these statements; `$folder` stands for its folder. */
export async function scratchDatabase(...statements: readonly string[]): Promise<string> {
  const file = path.join(await scratchFolder(), 'warehouse.duckdb')
  await runIn(file, ...statements)
  return file
}

export async function runIn(database: string, ...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(database)
  const connection = await instance.connect()
  try {
    for (const statement of statements) {
      await connection.run(statement.replaceAll('$folder', path.dirname(database)))
    }
  } finally {
    connection.disconnectSync()
    instance.closeSync()
  }
}

export async function connectTo(
  file: string,
  options: {
    readonly memoryLimitMiB?: number
    readonly oneTable?: boolean
    readonly allowed?: readonly string[]
  } = {},
): Promise<SourceConnection> {
  const { allowed = [path.dirname(file)], ...settings } = options
  const connection = await source.connect(
    { path: file, ...settings },
    {},
    {
      allowedDirectories: allowed,
      isAddressAllowed: () => false,
    },
  )
  onTestFinished(() => connection.close())
  return connection
}

/** A statement over columns of a table as the host builds it; the outputs to order by follow the values. */
export function select(
  columns: readonly SourceColumn[],
  table: string,
  options: { readonly orderBy: readonly string[]; readonly timeZone?: string; readonly where?: string },
): OrderedStatement {
  const values = columns.map(
    (column) =>
      `${dialect.value(dialect.quote(column.name), column, options.timeZone ?? 'UTC')} AS ${dialect.quote(column.name)}`,
  )
  const order = options.orderBy.map((name, index) => `${dialect.quote(name)} AS o${index}`)
  return {
    sql: `SELECT ${[...values, ...order].join(', ')} FROM ${dialect.quote(table)} WHERE ${options.where ?? 'TRUE'}`,
    parameters: [],
    columns: columns.map(({ name, type }) => ({ name, type })),
    orderBy: options.orderBy.map((_, index) => `o${index}`),
  }
}

export async function collect(batches: AsyncIterable<RecordBatch>): Promise<AttributeValue[][]> {
  const rows: AttributeValue[][] = []
  for await (const batch of batches) rows.push(...rowsOf(batch))
  return rows
}

export function rowsOf(batch: RecordBatch): AttributeValue[][] {
  return Array.from({ length: batch.length }, (_, row) => batch.columns.map((column) => column[row] ?? null))
}

/** Every row of a table, as values in the order of its columns. */
export async function readTable(
  connection: SourceConnection,
  table: string,
  options: { readonly orderBy?: readonly string[]; readonly timeZone?: string } = {},
): Promise<AttributeValue[][]> {
  const columns = await connection.describe({ name: table })
  const statement = select(columns, table, {
    ...options,
    orderBy: options.orderBy ?? [columns[0]?.name ?? ''],
  })
  return collect(connection.stream(statement, never))
}

/** Another process that has a DuckDB file open for writing, or could not open it. */
export async function openInOtherProcess(file: string): Promise<{ opened: boolean; close(): Promise<void> }> {
  const program = `
    const { DuckDBInstance } = require(process.argv[1])
    DuckDBInstance.create(process.argv[2]).then(
      (instance) => { process.stdout.write('opened'); process.stdin.once('data', () => { instance.closeSync(); process.exit() }) },
      () => { process.stdout.write('refused'); process.exit() },
    )`
  const library = createRequire(import.meta.url).resolve('@duckdb/node-api')
  const child: ChildProcess = spawn(process.execPath, ['-e', program, library, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [said] = child.stdout === null ? [''] : await once(child.stdout, 'data')
  const opened = String(said) === 'opened'
  let closing: Promise<unknown> | undefined
  const close = async (): Promise<void> => {
    // One that was refused ends by itself: writing to it would meet a closed pipe, now and then.
    if (opened && closing === undefined) child.stdin?.write('close')
    closing ??= exited
    await closing
  }
  onTestFinished(close)
  return { opened, close }
}
