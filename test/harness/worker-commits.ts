/** Commits as the worker of another process does: a delivery's counts, its lane's, and the notice, in one transaction. */
import { Client } from 'pg'

/** Whose progress it is: ids of rows. */
export interface ProgressPlace {
  readonly workspaceId: string
  readonly actionId: string
  readonly laneId: string
  readonly deliveryId: string
}

export interface ProgressCounts {
  readonly matched: number
  readonly delivered: number
  /** Default: RUNNING. */
  readonly state?: string
}

/** `silence`: the notice is missed. `several`: it names no single delivery. */
export type NoticeKind = 'delivery' | 'several' | 'silence'

export interface WorkerCommits {
  commit(place: ProgressPlace, counts: ProgressCounts, notice?: NoticeKind): Promise<void>
  /** Cuts the connections of servers on which they hear of commits; how many there were. */
  cutListeners(): Promise<number>
  close(): Promise<void>
}

export async function createWorkerCommits(databaseUrl: string): Promise<WorkerCommits> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  return {
    async commit({ workspaceId, actionId, laneId, deliveryId }, counts, notice = 'delivery') {
      const { matched, delivered, state = 'RUNNING' } = counts
      await client.query('BEGIN')
      await client.query('UPDATE lane SET matched = $2, delivered = $3 WHERE id = $1', [
        laneId,
        matched,
        delivered,
      ])
      await client.query(
        'UPDATE delivery SET matched = $2, delivered = $3, state = $4::delivery_state, last_commit_at = now() WHERE id = $1',
        [deliveryId, matched, delivered, state],
      )
      if (notice !== 'silence') {
        const ids = { w: workspaceId, a: actionId, ...(notice === 'delivery' && { d: deliveryId }) }
        await client.query("SELECT pg_notify('sluice_progress', $1)", [JSON.stringify(ids)])
      }
      await client.query('COMMIT')
    },
    async cutListeners() {
      const { rowCount } = await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sluice-listen' AND datname = current_database()",
      )
      return rowCount ?? 0
    },
    close: () => client.end(),
  }
}
