/** Opens an export: who asks may see it, what is asked for makes sense, and its first rows are read. */
import type { Context } from '../context.ts'
import { csvOf, type Row } from './csv.ts'
import { findScope } from './find-scope.ts'
import { readRequest } from './inputs.ts'
import { type ExportName, exportKinds } from './kinds.ts'

export interface OpenExport {
  readonly fileName: string
  /** CSV, piece by piece, read as fast as it is taken. */
  readonly pieces: AsyncIterable<string>
  /** Lets go of what it holds, whether or not it was read to its end. Repeatable. */
  close(): Promise<void>
}

export async function openExport(
  context: Context,
  name: ExportName,
  query: URLSearchParams,
): Promise<OpenExport> {
  const { clock, registry, snapshots } = context.deps
  const kind = exportKinds[name]
  const now = clock()
  const { grain, range, scope } = readRequest(query, kind, now)
  const { of, workspaceId } = await findScope(context, scope)
  const { span, statement } = kind.read({ grain, now, of, range, registry, workspaceId })
  const { close, pages } = await snapshots.open(statement)
  const finish = kind.finish?.bind(kind)
  return {
    fileName: `${name}-${momentOf(span.from)}-${momentOf(span.to)}.csv`,
    pieces: csvOf(
      kind.columns,
      finish === undefined ? pages : finished(pages, (row) => finish(row, registry)),
    ),
    close,
  }
}

async function* finished(pages: AsyncIterable<readonly Row[]>, finish: (row: Row) => Row) {
  for await (const rows of pages) yield rows.map(finish)
}

/** In names of files there are no colons. */
function momentOf(at: Date): string {
  return at.toISOString().slice(0, 16).replaceAll(':', '')
}
