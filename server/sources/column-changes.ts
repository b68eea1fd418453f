/** How the columns of a source differ from those that were published, and whether its lanes can still read them. */
import type { SourceColumn } from '@sluice/connector-sdk'
import { z } from 'zod'

export const columnChangeKinds = ['ADDED', 'MISSING', 'RETYPED'] as const

export const columnChangesSchema = z.array(
  z.object({
    kind: z.enum(columnChangeKinds),
    column: z.string(),
    /** Types as the source names them; null where there is no such column. */
    before: z.string().nullable(),
    now: z.string().nullable(),
  }),
)
export type ColumnChange = z.output<typeof columnChangesSchema>[number]

/** A column that was renamed is one that is missing, and one that was added: nothing tells that they are the same. */
export function columnChanges(
  before: readonly SourceColumn[],
  now: readonly SourceColumn[],
): readonly ColumnChange[] {
  const current = new Map(now.map((column) => [column.name, column]))
  const known = new Set(before.map(({ name }) => name))
  return [
    ...before.flatMap(({ name, nativeType }): ColumnChange[] => {
      const column = current.get(name)
      if (column === undefined) return [{ kind: 'MISSING', column: name, before: nativeType, now: null }]
      return column.nativeType === nativeType
        ? []
        : [{ kind: 'RETYPED', column: name, before: nativeType, now: column.nativeType }]
    }),
    ...now
      .filter(({ name }) => !known.has(name))
      .map(({ name, nativeType }): ColumnChange => {
        return { kind: 'ADDED', column: name, before: null, now: nativeType }
      }),
  ]
}

/** What of a source its lanes read. */
export interface ReadColumns {
  /** Of key and cursor: their types are those of all positions. */
  readonly order: readonly string[]
  /** Of segments, mappings and templates: what they were checked for is the kind of their values. */
  readonly attributes: readonly string[]
}

export type BrokenColumns = 'column_missing' | 'column_changed'

/** Null while all that is read is there, as it was. A wider number is still a number. */
export function brokenColumns(
  before: readonly SourceColumn[],
  now: readonly SourceColumn[],
  { order, attributes }: ReadColumns,
): BrokenColumns | null {
  const old = new Map(before.map((column) => [column.name, column]))
  const current = new Map(now.map((column) => [column.name, column]))
  const read = [...new Set([...order, ...attributes])]
  if (read.some((name) => !current.has(name))) return 'column_missing'
  const isRetyped = (name: string) =>
    order.includes(name)
      ? current.get(name)?.nativeType !== old.get(name)?.nativeType
      : current.get(name)?.type !== old.get(name)?.type
  return read.some(isRetyped) ? 'column_changed' : null
}
