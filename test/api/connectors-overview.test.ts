/** The overview of connectors: what it counts for a range of time, in as many statements for a thousand connectors as for ten. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { countDone } from '../harness/metric-buckets.ts'
import { mutate } from '../harness/mutate.ts'
import { externalId, type Seeded, seed } from '../harness/seed.ts'
import { statementsOf } from '../harness/statements.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const rowId = ({ id }: Seeded) => id.replace(/^\w+_/, '')

/** Everything that the overview shows, of a page. */
const screen = `query ($id: ID!, $range: TimeRangeInput) {
  workspace(id: $id) {
    findConnectors(first: 50, range: $range) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges {
        node {
          id name type status isFavourite notes isInstalled
          labels { id name colour }
          overview(range: $range) {
            from to totalVolume success errors warned retries requests changedAt
            actions { dataKind total active paused }
          }
        }
      }
    }
  }
}`

async function ask(workspace: Seeded, variables: object = {}) {
  const { data, errors } = await app.ask(screen, { id: workspace.id, ...variables })
  expect(errors).toBeUndefined()
  return data.workspace.findConnectors
}

test('tells of each connector what its actions are and did, in the range that was really counted', async () => {
  const made = await seed(app).workspace().csvSource().segment().connector().action().create()
  const { action, connector, segment, source, workspace } = made
  const paused = await mutate(app, 'createAction', {
    ...{ workspaceId: workspace.id, name: 'paused', connectorId: connector.id, type: 'track-user' },
    ...{ dataSourceId: source.id, segmentId: segment.id, mappings: [externalId] },
  })
  await answerOf(app, 'pauseAction', { id: paused.id })
  const of = { workspaceId: rowId(workspace) }
  const at = new Date(Date.now() - 2 * 86_400_000).toISOString()
  const now = new Date().toISOString()
  await countDone(app.db, [
    { ...of, actionId: rowId(action), at: now, matched: 20n, delivered: 10n, warned: 2n, requests: 4n },
    {
      ...of,
      ...{ actionId: rowId(paused), at: now, matched: 9n, retries: 3n },
      ...{ rejected: 1n, refused: 2n, exhausted: 1n, unknown: 1n, superseded: 4n },
    },
    { ...of, actionId: rowId(action), at, matched: 1000n, delivered: 1000n },
  ])
  const page = await ask(workspace)
  expect(page.totalCount).toBe(1)
  const [{ node }] = page.edges
  expect(node).toMatchObject({ status: 'ACTIVE', isFavourite: false, labels: [] })
  expect(node.overview).toMatchObject({
    ...{ totalVolume: 29, success: 12, errors: 5, warned: 2, retries: 3, requests: 4 },
    actions: [{ dataKind: 'RECORDS', total: 2, active: 1, paused: 1 }],
  })
  const span = Date.parse(node.overview.to) - Date.parse(node.overview.from)
  expect(span / 3_600_000).toBeGreaterThanOrEqual(24)
  expect(span / 3_600_000).toBeLessThanOrEqual(25)
  const week = await ask(workspace, { range: { name: 'PAST_7_DAYS' } })
  expect(week.edges[0].node.overview).toMatchObject({ totalVolume: 1029, success: 1012 })

  // What was deleted has done what it did; when it was changed tells of the actions too.
  const before = week.edges[0].node.overview.changedAt
  await mutate(app, 'deleteAction', { id: action.id, revision: action.revision })
  await mutate(app, 'updateAction', { id: paused.id, revision: paused.revision, retryForMs: 1000 })
  const after = (await ask(workspace)).edges[0].node.overview
  expect(after).toMatchObject({ totalVolume: 29, actions: [{ total: 1, active: 0, paused: 1 }] })
  expect(Date.parse(after.changedAt)).toBeGreaterThan(Date.parse(before))
})

/** As many connectors as there are to be, each with an action, two labels and counts. */
async function grow(workspace: Seeded, action: Seeded, total: number): Promise<void> {
  await app.db.$executeRaw`
    INSERT INTO connector (id, workspace_id, name, type, settings, is_enabled, updated_at)
    SELECT gen_random_uuid(), workspace_id, 'Connector ' || number, type, settings, number % 2 = 0, now()
    FROM (SELECT * FROM connector WHERE workspace_id = ${rowId(workspace)}::uuid LIMIT 1) AS one
    CROSS JOIN generate_series((SELECT count(*)::int FROM connector WHERE workspace_id = ${rowId(workspace)}::uuid) + 1, ${total}::int) AS number`
  await app.db.$executeRaw`
    INSERT INTO action (id, workspace_id, connector_id, data_source_id, segment_id, name, type, type_version, mappings, updated_at)
    SELECT gen_random_uuid(), a.workspace_id, c.id, data_source_id, segment_id, 'Of ' || c.name, a.type, type_version, mappings, now()
    FROM action AS a JOIN connector AS c ON c.workspace_id = a.workspace_id
    WHERE a.id = ${rowId(action)}::uuid AND NOT EXISTS (SELECT FROM action AS own WHERE own.connector_id = c.id)`
  await app.db.$executeRaw`
    INSERT INTO connector_label (workspace_id, connector_id, label_id)
    SELECT c.workspace_id, c.id, l.id FROM connector AS c JOIN label AS l ON l.workspace_id = c.workspace_id
    WHERE c.workspace_id = ${rowId(workspace)}::uuid ON CONFLICT DO NOTHING`
  await app.db.$executeRaw`
    INSERT INTO metric_bucket (action_id, grain, start, workspace_id, matched, delivered)
    SELECT a.id, grain, date_trunc(lower(grain::text), now() - interval '2 hours', 'UTC'), a.workspace_id, 3, 2
    FROM action AS a CROSS JOIN unnest(enum_range(NULL::metric_grain)) AS grain WHERE a.workspace_id = ${rowId(workspace)}::uuid ON CONFLICT DO NOTHING`
  await app.db.$executeRaw`
    INSERT INTO favourite_connector (id, workspace_id, connector_id)
    SELECT gen_random_uuid(), workspace_id, id FROM connector WHERE workspace_id = ${rowId(workspace)}::uuid
    ON CONFLICT DO NOTHING`
}

test('takes at most eight statements, with ten connectors as with a thousand', async () => {
  const { action, workspace } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action()
    .create()
  for (const name of ['a', 'b']) {
    await answerOf(app, 'createLabel', { workspaceId: workspace.id, name, colour: '#000000' })
  }
  // Looking up who asks is one more, whatever is asked.
  const unasked = (await statementsOf(() => app.ask('{ __typename }'))).length
  const counts: number[] = []
  for (const total of [10, 1_000]) {
    await grow(workspace, action, total)
    const statements = await statementsOf(async () => {
      const page = await ask(workspace)
      expect(page.totalCount).toBe(total)
      expect(page.edges).toHaveLength(Math.min(total, 50))
      for (const { node } of page.edges) {
        expect(node).toMatchObject({ isFavourite: true, labels: [{ name: 'a' }, { name: 'b' }] })
        expect(node.overview).toMatchObject({ totalVolume: 3, success: 2, actions: [{ total: 1 }] })
      }
    })
    expect(statements.length - unasked, statements.join('\n\n')).toBeLessThanOrEqual(8)
    counts.push(statements.length)
  }
  expect(counts[1]).toBe(counts[0])
})
