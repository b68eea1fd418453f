/** What a person fills in to connect files. */
import { type FieldMeta, z } from '@sluice/connector-sdk'

export const defaultMemoryLimitMiB = 1024

export const settings = z.object({
  path: z
    .string()
    .min(1)
    .max(4096)
    .meta({
      title: 'File, folder or pattern',
      description:
        'A file: .csv, .tsv, .parquet, .json, .ndjson, .jsonl, .duckdb or .db. Or a folder, or a pattern with *, **, ? or {a,b}: then all csv, tsv, parquet and json files in it, also those that come later. It has to lie below a folder that SLUICE_SOURCE_DIRS names; a relative path starts at the folder in which Sluice was started.',
      examples: ['data/customers.csv', '/srv/warehouse/customers.duckdb', 'exports/orders/*.parquet'],
    } satisfies FieldMeta),
  oneTable: z
    .boolean()
    .optional()
    .meta({
      title: 'One table',
      description:
        'Of a folder or a pattern: whether all files together are one table, named after the folder, with the columns of all of them by name. Default: each file is a table.',
      examples: [true],
    } satisfies FieldMeta),
  memoryLimitMiB: z
    .int()
    .min(64)
    .max(1_048_576)
    .optional()
    .meta({
      title: 'Memory limit (MiB)',
      description: `The most memory that DuckDB may use to read this file. Nothing is ever moved to disk: a read that needs more fails. Default ${defaultMemoryLimitMiB}.`,
      examples: [2048],
    } satisfies FieldMeta),
})
