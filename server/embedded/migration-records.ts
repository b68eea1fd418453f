// Which migrations a database has: Prisma's own table, so that `prisma migrate` can take over.
import { createHash, randomUUID } from 'node:crypto'
import type { Client } from 'pg'
import type { Migration } from './migration-files.ts'

export interface MigrationRecord {
  readonly name: string
  /** False where `prisma migrate` began it and did not get to its end. */
  readonly isDone: boolean
}

export async function createRecords(client: Client): Promise<void> {
  await client.query(`create table if not exists _prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`)
}

export async function readRecords(client: Client): Promise<readonly MigrationRecord[]> {
  const { rows } = await client.query<MigrationRecord>(
    `select migration_name as name, finished_at is not null as "isDone"
     from _prisma_migrations where rolled_back_at is null order by started_at`,
  )
  return rows
}

export async function writeRecord(client: Client, { name, sql }: Migration): Promise<void> {
  await client.query(
    `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
     values ($1, $2, clock_timestamp(), $3, 1)`,
    [randomUUID(), createHash('sha256').update(sql).digest('hex'), name],
  )
}
