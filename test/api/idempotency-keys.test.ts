/** Mutations with a key: done once, whoever repeats them, with the change or not at all. */
import { createBrazeSimulator } from '@sluice/connector-braze/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../server/app.ts'
import { type Answer, createTestApp, type TestApp, testPort } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let made: Awaited<ReturnType<typeof configured>>
beforeAll(async () => {
  app = await createTestApp()
  made = await configured()
})
afterAll(() => app.close())

function configured() {
  return seed(app).workspace().csvSource().segment().connector().action().create()
}

let keys = 0
function newKey(): string {
  keys += 1
  return `key-${keys}`
}

async function send(verb: string, input: object, key: string | null, ask: TestApp['ask'] = app.ask) {
  const type = `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`
  const entity = verb.endsWith('Segment') ? '... on Segment { id name revision workspace { name } }' : ''
  const { data, errors } = await ask(
    `mutation ($input: ${type}!, $key: String) {
      ${verb}(input: $input, idempotencyKey: $key) {
        __typename
        ... on Problem { code message }
        ... on AlreadyDone { nodeId doneAt }
        ${entity}
        ... on InvalidInput { issues { path code } }
      }
    }`,
    { input, key },
  )
  expect(errors).toBeUndefined()
  return data[verb]
}

const draft = (name: string) => ({
  workspaceId: made.workspace.id,
  name,
  dataSourceIds: [made.source.id],
  conditions: { any: [] },
})

describe('a repeated mutation', () => {
  test('answers with what the first one made, and makes nothing again', async () => {
    const key = newKey()
    const first = await send('createSegment', draft('Once'), key)
    expect(first).toMatchObject({ __typename: 'Segment', name: 'Once', workspace: {} })
    expect(await send('createSegment', draft('Once'), key)).toEqual(first)
    expect(await send('createSegment', draft('Once'), null)).toMatchObject({ code: 'name_taken' })
    expect(await app.db.segment.count({ where: { name: 'Once' } })).toBe(1)
    expect(await app.db.auditEntry.count({ where: { entityId: first.id.replace('Segment_', '') } })).toBe(1)
  })

  test('of an edit is no conflict, and shows the entity as it is now', async () => {
    const key = newKey()
    const { id } = await send('createSegment', draft('Edited'), null)
    await send('updateSegment', { id, revision: 1, name: 'First' }, key)
    await send('updateSegment', { id, revision: 2, name: 'Second' }, null)
    expect(await send('updateSegment', { id, revision: 1, name: 'First' }, key)).toMatchObject({
      name: 'Second',
      revision: 3,
    })
  })

  test('sent several times at once is done once', async () => {
    const key = newKey()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => send('createSegment', draft('At once'), key)),
    )
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect(answers.map((answer) => answer.__typename)).toEqual(Array(5).fill('Segment'))
    expect(await app.db.segment.count({ where: { name: 'At once' } })).toBe(1)
  })

  test('whose answer is not kept says so, and does nothing', async () => {
    const key = newKey()
    const { id, revision } = made.action
    const input = { id, revision, type: 'track-user' }
    expect(await send('changeActionType', input, key)).toMatchObject({ __typename: 'ChangedActionType' })
    expect(await send('changeActionType', input, key)).toMatchObject({
      __typename: 'AlreadyDone',
      code: 'already_done',
      nodeId: id,
    })
    expect((await app.db.action.findFirstOrThrow({ where: { id: id.slice(7) } })).revision).toBe(revision + 1)
  })
})

describe('a key', () => {
  test('is for one mutation with one input', async () => {
    const key = newKey()
    const first = await send('createSegment', draft('Reused'), key)
    const reused = { __typename: 'IdempotencyKeyReused', code: 'idempotency_key_reused' }
    expect(await send('createSegment', draft('Reused otherwise'), key)).toMatchObject(reused)
    expect(await send('updateSegment', { id: first.id, revision: 1, name: 'x' }, key)).toMatchObject(reused)
    expect(await app.db.segment.count({ where: { name: { in: ['Reused otherwise', 'x'] } } })).toBe(0)
  })

  test('of somebody else means nothing', async () => {
    const key = newKey()
    const token = await app.tokenFor(made.workspace.id.replace('Workspace_', ''))
    const ours = await send('createSegment', draft('Ours'), key)
    const theirs = await send('createSegment', draft('Theirs'), key, (document, variables) =>
      app.ask(document, variables, token),
    )
    expect(theirs).toMatchObject({ __typename: 'Segment', name: 'Theirs' })
    expect(theirs.id).not.toBe(ours.id)
  })

  test('can be sent again after a problem, with the request corrected', async () => {
    const key = newKey()
    expect(await send('createSegment', { ...draft(''), name: '' }, key)).toMatchObject({
      code: 'invalid_input',
    })
    expect(await send('createSegment', draft('Corrected'), key)).toMatchObject({ name: 'Corrected' })
  })

  test('is refused when it is empty or long', async () => {
    for (const [key, code] of [
      ['', 'too_small'],
      ['x'.repeat(201), 'too_big'],
    ] as const) {
      expect(await send('createSegment', draft('Never'), key)).toMatchObject({
        issues: [{ path: ['idempotencyKey'], code }],
      })
    }
  })

  test('is kept as a hash, and so is the input', async () => {
    const key = 'key-of-canary'
    await send('createSegment', draft('Canary segment'), key)
    const rows = await app.db.keyedRequest.findMany()
    const kept = JSON.stringify(
      rows.map((row) => Object.values(row).map((value) => Buffer.from(String(value)).toString())),
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(kept).not.toContain('canary')
    expect(kept).not.toContain('Canary')
  })
})

test('every mutation takes a key, and can tell that it was reused', async () => {
  const { data } = await app.ask(`{
    __schema { mutationType { fields { name args { name } type { ofType { possibleTypes { name } } } } } }
  }`)
  interface Field {
    readonly name: string
    readonly args: readonly { readonly name: string }[]
    readonly type: { readonly ofType: { readonly possibleTypes: readonly { readonly name: string }[] } }
  }
  const fields: readonly Field[] = data.__schema.mutationType.fields
  expect(fields.length).toBeGreaterThan(30)
  for (const { name, args, type } of fields) {
    expect([name, args.map((arg) => arg.name)]).toEqual([name, expect.arrayContaining(['idempotencyKey'])])
    const problems = type.ofType.possibleTypes.map((each) => each.name)
    expect([name, problems]).toEqual([name, expect.arrayContaining(['IdempotencyKeyReused', 'AlreadyDone'])])
  }
})

test('what is saved stands, though its workflows could not be reached: the first answer says so, a repeated one gives it', async () => {
  const down = async () => {
    throw new Error('Temporal is away')
  }
  const { db, deps } = app
  const without = createApp({ db, deps: { ...deps, workflows: { ...deps.workflows, syncSource: down } } })
  const askWithout = async (query: string, variables: object = {}) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${app.token}` }
    const body = JSON.stringify({ query, variables })
    const response = await without.fetch(
      new Request(`http://localhost:${testPort}/graphql`, { method: 'POST', headers, body }),
    )
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) }
  }
  const { workspace } = await configured()
  const input = { workspaceId: workspace.id, notes: 'once' }
  const key = newKey()
  expect(await send('publishVersion', input, key, askWithout)).toMatchObject({
    code: 'workflows_unavailable',
  })
  expect(await send('publishVersion', input, key)).toMatchObject({ __typename: 'Version' })
  expect(await db.version.count({ where: { workspaceId: workspace.id.replace('Workspace_', '') } })).toBe(1)
})

test('a repeated sample is not sent again', async () => {
  const braze = await createBrazeSimulator({})
  const { action } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector({ endpoint: braze.url, apiKey: braze.apiKey })
    .action()
    .create()
  const key = newKey()
  const input = { id: action.id, key: ['1'] }
  expect(await send('sendSample', input, key)).toMatchObject({ __typename: 'SentSample' })
  expect(await send('sendSample', input, key)).toMatchObject({ __typename: 'AlreadyDone', nodeId: action.id })
  expect(braze.objects).toBe(1)
  await braze.close()
})
