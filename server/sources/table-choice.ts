/** Which of a source's tables is meant; else what is wrong and what there is. */
import type { SourceTable } from '@sluice/connector-sdk'
import { suggestion } from '../../engine/rules/nearest-name.ts'
import type { Issue } from '../problems/rules.ts'
import type { WantedTable } from './rules.ts'

export type TableChoice =
  | { readonly ok: true; readonly table: SourceTable }
  | { readonly ok: false; readonly issue: Issue }

/** `before` is what was read until now: it stays where it exists, and else gives way without a word. */
export function chooseTable(
  tables: readonly SourceTable[],
  wanted: WantedTable | null,
  before: WantedTable | null,
): TableChoice {
  const names = tables.map(fullName)
  if (wanted === null) {
    const [kept] = before === null ? [] : matchesOf(tables, before)
    const [only] = tables.length === 1 ? tables : []
    const table = kept ?? only
    if (table !== undefined) return { ok: true, table }
    return refuse('table_required', `Say which table to read. ${suggestion('', names)}`)
  }
  const matches = matchesOf(tables, wanted)
  const [only] = matches
  if (only === undefined) {
    // Whoever gives no schema is helped best by plain names.
    const candidates = wanted.schema === undefined ? tables.map(({ name }) => name) : names
    return refuse(
      'unknown_table',
      `The source has no table "${fullName(wanted)}". ${suggestion(fullName(wanted), candidates)}`,
    )
  }
  if (matches.length === 1) return { ok: true, table: only }
  const message = `Several schemas have a table "${wanted.name}": ${matches.map(fullName).join(', ')}. Name the schema.`
  return refuse('table_ambiguous', message)
}

function matchesOf(tables: readonly SourceTable[], { schema, name }: WantedTable): readonly SourceTable[] {
  return tables.filter((table) => table.name === name && (schema === undefined || table.schema === schema))
}

function fullName({ schema, name }: WantedTable): string {
  return schema === undefined ? name : `${schema}.${name}`
}

function refuse(code: string, message: string): TableChoice {
  return { ok: false, issue: { path: ['query', 'table'], code, message } }
}
