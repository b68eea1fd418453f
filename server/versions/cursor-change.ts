/** Whether positions that are kept would lose their meaning: they are values of key and cursor columns. */
import { isDeepStrictEqual } from 'node:util'
import type { SourceDocument } from '../../engine/documents.ts'
import { orderColumns } from '../../engine/reading/position.ts'
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
  return {
    type,
    cursorMode,
    keyColumns,
    order: orderColumns(source).map(({ name, type }) => ({ name, type })),
  }
}
