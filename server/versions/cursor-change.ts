/** Whether positions that are kept would lose their meaning: they are values of key and cursor columns. */
import { isDeepStrictEqual } from 'node:util'
import type { SourceDocument } from '../../engine/documents.ts'
import { nameInSource } from '../../engine/reading/columns.ts'
import { columnNamed, orderColumns } from '../../engine/reading/position.ts'
import type { Issue } from '../problems/rules.ts'

/** A source, and the type of its connection: a position of one database says nothing in another kind of it. */
export interface TypedSource {
  readonly type: string | undefined
  readonly source: SourceDocument
}

/** `before` is the source as it runs. */
export function cursorChangeIssues(before: TypedSource, after: TypedSource): readonly Issue[] {
  if (isDeepStrictEqual(orderOf(before), orderOf(after))) return []
  const message = `Actions have positions in the data source "${after.source.name}", made of its key and cursor, which have changed. Pause them and say with \`starts\` where each starts by the new cursor, or change key and cursor back.`
  return [{ path: ['keyColumns'], code: 'cursor_changed', message }]
}

function orderOf({ type, source }: TypedSource) {
  const { cursorMode, keyColumns } = source
  // By their own names: what their attributes are called means nothing to a position.
  return {
    type,
    cursorMode,
    keyColumns: keyColumns.map((name) => nameInSource(columnNamed(source, name))),
    order: orderColumns(source).map((column) => ({ name: nameInSource(column), type: column.type })),
  }
}
