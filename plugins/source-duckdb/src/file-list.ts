/** Files as the first arguments of DuckDB's readers: several are one table, columns by name, NULL where one has none. */
import { quoteLiteral } from './sql-text.ts'

export function fileList(files: readonly string[]): string {
  const [only = '', ...more] = files.map(quoteLiteral)
  return more.length === 0 ? only : `[${[only, ...more].join(', ')}], union_by_name = true`
}
