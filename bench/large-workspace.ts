/** Makes the demo a large workspace: its connectors and actions many times, each as the API has made it. */
import { Client } from 'pg'

interface Size {
  readonly connectors: number
  readonly actions: number
}

/** Counts those that there are. The copies of an action send through the copies of its connector, in turn. */
export function growWorkspace(postgresUrl: string, { connectors, actions }: Size): Promise<void> {
  return withDatabase(postgresUrl, async (client) => {
    await client.query(
      `INSERT INTO connector (id, workspace_id, name, type, settings, secrets, is_enabled, updated_at)
       SELECT gen_random_uuid(), workspace_id, name || ' ' || copy, type, settings, secrets, is_enabled, now()
       FROM connector CROSS JOIN generate_series(2, $1::int / (SELECT count(*)::int FROM connector)) AS copy`,
      [connectors],
    )
    await client.query(
      `WITH place AS (
         SELECT id, workspace_id, type, row_number() OVER (PARTITION BY type ORDER BY name) AS number,
           count(*) OVER (PARTITION BY type) AS count
         FROM connector
       ), made AS (
         SELECT gen_random_uuid() AS id, action.id AS original, copy, place.id AS connector_id
         FROM action JOIN connector ON connector.id = action.connector_id
         CROSS JOIN generate_series(2, $1::int / (SELECT count(*)::int FROM action)) AS copy
         JOIN place ON place.type = connector.type AND place.number = 1 + copy % place.count
       ), copied AS (
         INSERT INTO action (id, workspace_id, connector_id, data_source_id, segment_id, name, type, type_version,
           mappings, template_variables, retry_delays_ms, is_enabled, updated_at)
         SELECT made.id, workspace_id, made.connector_id, data_source_id, segment_id, name || ' ' || made.copy, type,
           type_version, mappings, template_variables, retry_delays_ms, is_enabled, now()
         FROM made JOIN action ON action.id = made.original
       )
       INSERT INTO template (id, workspace_id, action_id, name, kind, format, source, updated_at)
       SELECT gen_random_uuid(), workspace_id, made.id, name, kind, format, source, now()
       FROM made JOIN template ON template.action_id = made.original`,
      [actions],
    )
  })
}

/** Two of ten labels on each connector, and every tenth a favourite of the owner. */
export function decorateConnectors(postgresUrl: string): Promise<void> {
  return withDatabase(postgresUrl, async (client) => {
    await client.query(
      `INSERT INTO label (id, workspace_id, name, colour, updated_at)
       SELECT gen_random_uuid(), id, 'label_' || number, '#1a7f37', now()
       FROM workspace CROSS JOIN generate_series(0, 9) AS number`,
    )
    await client.query(
      `WITH place AS (SELECT id, workspace_id, row_number() OVER (ORDER BY name) AS number FROM connector),
         favourite AS (
           INSERT INTO favourite_connector (id, workspace_id, connector_id)
           SELECT gen_random_uuid(), workspace_id, id FROM place WHERE number % 10 = 0
         )
       INSERT INTO connector_label (workspace_id, connector_id, label_id)
       SELECT place.workspace_id, place.id, label.id
       FROM place JOIN label ON label.name IN ('label_' || number % 10, 'label_' || (number + 3) % 10)`,
    )
  })
}

/**
 * Each action has done something in every hour of thirty days, and in every minute of the last hour. No named range
 * reads more minutes.
 */
export function fillMetrics(postgresUrl: string): Promise<void> {
  return withDatabase(postgresUrl, async (client) => {
    for (const [grain, step, back] of [
      ['DAY', 'day', '30 days'],
      ['HOUR', 'hour', '30 days'],
      ['MINUTE', 'minute', '1 hour'],
    ]) {
      await client.query(
        `INSERT INTO metric_bucket (action_id, grain, start, workspace_id, matched, delivered, refused, retries, requests)
         SELECT id, $1::metric_grain, start, workspace_id, 100, 98, 2, 1, 2
         FROM action CROSS JOIN generate_series(
           date_trunc($2, now() - $3::interval, 'UTC'), date_trunc($2, now(), 'UTC'), ('1 ' || $2)::interval) AS start`,
        [grain, step, back],
      )
    }
    await client.query('VACUUM (ANALYZE)')
  })
}

/** Every action gets another mapping, another retry, and, where it has one, another template. */
export function editActions(postgresUrl: string): Promise<void> {
  return withDatabase(postgresUrl, async (client) => {
    await client.query(`UPDATE template SET source = source || ' ', revision = revision + 1`)
    await client.query(
      `UPDATE action SET revision = revision + 1, retry_for_ms = retry_for_ms + 1,
         mappings = jsonb_set(mappings, '{0,from}', '{"kind": "attribute", "attribute": "first_name"}')
       WHERE type = 'track-user'`,
    )
    await client.query(
      `UPDATE action SET revision = revision + 1, retry_for_ms = retry_for_ms + 1 WHERE type <> 'track-user'`,
    )
  })
}

export async function withDatabase<Result>(
  url: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
