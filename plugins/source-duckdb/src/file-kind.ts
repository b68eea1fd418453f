/** Which files this source reads, told apart by their ending. */

export type FileKind = 'csv' | 'tsv' | 'parquet' | 'json' | 'ndjson' | 'duckdb'

const kindByExtension: ReadonlyMap<string, FileKind> = new Map([
  ['.csv', 'csv'],
  ['.tsv', 'tsv'],
  ['.parquet', 'parquet'],
  ['.json', 'json'],
  ['.ndjson', 'ndjson'],
  ['.jsonl', 'ndjson'],
  ['.duckdb', 'duckdb'],
  ['.db', 'duckdb'],
])

export const fileEndings: readonly string[] = [...kindByExtension.keys()]

/** @param extension with its dot, as `path.extname` gives it */
export function fileKind(extension: string): FileKind | undefined {
  return kindByExtension.get(extension.toLowerCase())
}
