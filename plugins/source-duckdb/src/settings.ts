/** What a person fills in to connect a file. */
import { type FieldMeta, z } from '@sluice/connector-sdk'

export const defaultMemoryLimitMiB = 1024

export const settings = z.object({
  path: z
    .string()
    .min(1)
    .max(4096)
    .meta({
      title: 'File',
      description:
        'One file: .csv, .tsv, .parquet, .json, .ndjson, .jsonl, .duckdb or .db. It has to lie below a folder that SLUICE_SOURCE_DIRS names; a relative path starts at the folder in which Sluice was started.',
      examples: ['data/customers.csv', '/srv/warehouse/customers.duckdb'],
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
