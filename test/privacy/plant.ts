/** Writes canaries where none may be: only a search that finds them proves anything when it finds none. */
import { Connection, Client as TemporalClient } from '@temporalio/client'
import { Client } from 'pg'
import type { Installation } from '../harness/installation.ts'
import type { Canaries } from './canaries.ts'

/** Every form that a program of ours could write by mistake. */
export async function plantInDatabase(databaseUrl: string, planted: Canaries): Promise<number | null> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      'CREATE TABLE planted (t text, b text, h text, e text, n text, j jsonb, i bigint, d float8, at timestamp)',
    )
    const { rowCount: rows } = await client.query(
      'INSERT INTO planted VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [
        planted.text,
        Buffer.from(`{"value":"${planted.text}"}`).toString('base64'),
        Buffer.from(planted.text).toString('hex'),
        JSON.stringify(planted.unicode).replace(
          /[^ -~]/g,
          (unit) => `\\u0${unit.charCodeAt(0).toString(16)}`,
        ),
        `no. ${planted.number}`,
        `{"amount": ${planted.number}, "name": "${planted.unicode}"}`,
        planted.number,
        Number(planted.number),
        `${planted.instant}.${planted.micros}`,
      ],
    )
    return rows
  } finally {
    await client.end()
  }
}

/** A workflow started without our codec, on a task queue that nobody serves. */
export async function plantInWorkflow(
  { address, namespace }: Installation['temporal'],
  value: string,
): Promise<void> {
  const connection = await Connection.connect({ address })
  try {
    const client = new TemporalClient({ connection, namespace })
    const handle = await client.workflow.start('planted', {
      workflowId: 'planted',
      taskQueue: 'of-nobody',
      args: [value],
    })
    await handle.terminate()
  } finally {
    await connection.close()
  }
}
