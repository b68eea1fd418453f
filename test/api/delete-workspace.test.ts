/** Deleting a workspace: its key goes first, nothing of it can be asked for, its rows follow, and a proof stays. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { forgetKeyedRequests } from '../../server/idempotency/forget-keyed-requests.ts'
import { purgeDeletedWorkspaces } from '../../server/workspaces/purge-deleted.ts'
import { createWorkspaceKeys } from '../../server/workspaces/workspace-keys.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { seedProgress, type WatchedProgress } from '../harness/watched-progress.ts'

let app: TestApp
let place: WatchedProgress
let name: string
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  place = await seedProgress(app)
  name = (await app.db.workspace.findUniqueOrThrow({ where: { id: place.workspaceId } })).name
})

async function remove(
  input: object,
  { token, key }: { readonly token?: string; readonly key?: string } = {},
) {
  const { data, errors } = await app.ask(
    `mutation ($input: DeleteWorkspaceInput!, $key: String) {
      deleteWorkspace(input: $input, idempotencyKey: $key) {
        __typename
        ... on DeletedWorkspace { id keyFingerprint keyDestroyedAt rowsGoneAt }
        ... on Problem { code message }
        ... on InvalidInput { issues { path code } }
      }
    }`,
    { input, key },
    token,
  )
  expect(errors).toBeUndefined()
  return data.deleteWorkspace
}

async function fingerprint(): Promise<string> {
  const { data } = await app.ask('query ($id: ID!) { workspace(id: $id) { keyFingerprint } }', {
    id: place.ids.workspace,
  })
  return data.workspace.keyFingerprint
}

describe('a workspace', () => {
  test('is deleted only where its name is repeated', async () => {
    expect(await remove({ id: place.ids.workspace, name: `${name} ` })).toMatchObject({
      issues: [{ path: ['name'], code: 'name_mismatch' }],
    })
    await fingerprint()
  })

  test('is gone at once: its key, its tokens, its name, and all that its ids had led to', async () => {
    const { workspaceId } = place
    const token = await app.tokenFor(workspaceId)
    const elsewhere = createWorkspaceKeys({ db: app.db, keyring: app.deps.keyring })
    const known = await elsewhere.of(workspaceId)
    const sealed = known.seal('secrets', 'canary')
    const shown = await fingerprint()

    const proof = await remove({ id: place.ids.workspace, name })
    expect(proof).toMatchObject({ __typename: 'DeletedWorkspace', keyFingerprint: shown, rowsGoneAt: null })

    const row = await app.db.workspace.findUniqueOrThrow({ where: { id: workspaceId } })
    expect(row).toMatchObject({ wrappedKey: null, liveVersion: null })
    await expect(app.deps.workspaceKeys.of(workspaceId)).rejects.toThrow('There is no workspace')
    // Another process has used the key a moment ago.
    await expect
      .poll(
        () =>
          elsewhere.of(workspaceId).then(
            (key) => key.open('secrets', sealed),
            () => 'no key',
          ),
        { timeout: 20_000 },
      )
      .toBe('no key')

    const { action, delivery, workspace } = place.ids
    const { data } = await app.ask(
      `query ($action: ID!, $delivery: ID!, $workspace: ID!) {
        action(id: $action) { id } node(id: $action) { id } delivery(id: $delivery) { id }
        workspace(id: $workspace) { id } workspaces { id }
      }`,
      { action, delivery, workspace },
    )
    expect(data).toMatchObject({ action: null, node: null, delivery: null, workspace: null })
    expect(data.workspaces).not.toContainEqual({ id: workspace })
    expect((await app.ask('{ workspaces { id } }', {}, token)).status).toBe(401)
    expect(await remove({ id: workspace, name })).toMatchObject({ code: 'not_found' })
    await mutate(app, 'createWorkspace', { name })
  })

  test('ends its work: open deliveries are cancelled, and their workflows woken to see it', async () => {
    const before = app.workflows.calls.length
    await remove({ id: place.ids.workspace, name })
    expect(app.workflows.calls.slice(before)).toEqual([
      { verb: 'syncSource', id: expect.any(String) },
      { verb: 'runLane', id: place.laneId },
      { verb: 'wakeDelivery', id: place.deliveryId },
    ])
    expect(await app.db.delivery.findUniqueOrThrow({ where: { id: place.deliveryId } })).toMatchObject({
      state: 'CANCELLED',
    })
  })
})

describe('the rows', () => {
  test('go afterwards, from every table, and those of others stay', async () => {
    const other = await seedProgress(app)
    const entries = await app.db.auditEntry.count({ where: { workspaceId: other.workspaceId } })
    await remove({ id: place.ids.workspace, name })
    await purgeDeletedWorkspaces(app.db, 0)
    expect(await tablesWith(place.workspaceId)).toEqual(['deleted_workspace.id'])
    expect(await tablesWith(other.workspaceId)).toEqual(
      expect.arrayContaining(['action.workspace_id', 'audit_entry.workspace_id', 'delivery.workspace_id']),
    )
    expect(await app.db.auditEntry.count({ where: { workspaceId: other.workspaceId } })).toBe(entries)
  })

  test('are looked through to the end, page by page', async () => {
    const { actionId, workspaceId } = place
    await app.db.$executeRaw`
      INSERT INTO metric_bucket (workspace_id, action_id, grain, start)
      SELECT ${workspaceId}::uuid, ${actionId}::uuid, grain, now() - n * interval '1 minute'
      FROM generate_series(1, 5000) AS n, unnest(enum_range(NULL::metric_grain)) AS grain`
    await remove({ id: place.ids.workspace, name })
    // As if it had been interrupted: some are gone already.
    await app.db.$executeRaw`DELETE FROM metric_bucket WHERE start > now() - interval '1 day'`
    await purgeDeletedWorkspaces(app.db, 0)
    expect(await tablesWith(workspaceId)).toEqual(['deleted_workspace.id'])
  })
})

describe('the proof', () => {
  const listed = async (token?: string) => {
    const { data, errors } = await app.ask(
      '{ deletedWorkspaces(first: 50) { edges { node { id keyFingerprint keyDestroyedAt rowsGoneAt } } } }',
      {},
      token,
    )
    return { errors, proofs: data?.deletedWorkspaces.edges.map(({ node }: { node: object }) => node) }
  }

  test('stays when the rows are gone, and says so', async () => {
    const proof = await remove({ id: place.ids.workspace, name })
    await purgeDeletedWorkspaces(app.db, 0)
    const { proofs } = await listed()
    expect(proofs).toContainEqual({ ...proof, __typename: undefined, rowsGoneAt: expect.any(String) })
  })

  test('is listed for the owner of the installation only', async () => {
    const { errors } = await listed(await app.tokenFor(place.workspaceId))
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'not_permitted' })
  })

  test('is given again to who repeats the deletion with its key', async () => {
    const input = { id: place.ids.workspace, name }
    const proof = await remove(input, { key: 'delete-1' })
    await purgeDeletedWorkspaces(app.db, 0)
    expect(await remove(input, { key: 'delete-1' })).toEqual({ ...proof, rowsGoneAt: expect.any(String) })
  })
})

test('keys of mutations are forgotten after a day', async () => {
  await remove({ id: place.ids.workspace, name }, { key: 'delete-2' })
  const before = await app.db.keyedRequest.count()
  await app.db.$executeRaw`
    UPDATE keyed_request SET done_at = now() - interval '25 hours' WHERE workspace_id = ${place.workspaceId}::uuid`
  await forgetKeyedRequests(app.db)
  expect(await app.db.keyedRequest.count()).toBe(before - 1)
})

/** Every column of ids that has this one, whichever table it is of. */
async function tablesWith(id: string): Promise<readonly string[]> {
  const columns = await app.db.$queryRaw<readonly { readonly place: string; readonly found: boolean }[]>`
    SELECT table_name || '.' || column_name AS place,
      (xpath('/row/found/text()', query_to_xml(format(
        'SELECT EXISTS (SELECT FROM %I WHERE %I = %L) AS found', table_name, column_name, ${id}::text
      ), false, true, '')))[1]::text = 'true' AS found
    FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'uuid' ORDER BY 1`
  return columns.flatMap(({ found, place: column }) => (found ? [column] : []))
}
