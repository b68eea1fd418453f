/** Another type for an action: people are warned of what does not fit before it is done. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { externalId, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const email = { parameter: 'email', from: { kind: 'attribute', attribute: 'email' } }
const home = { parameter: 'attributes', key: 'home', from: { kind: 'attribute', attribute: 'country' } }
const fields = 'action { type mappings revision } dropped issues { path code }'

async function ask(id: string, type: string) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $type: String!) { action(id: $id) {
      typeChange(type: $type) {
        __typename ... on ChangedActionType { ${fields} } ... on InvalidInput { issues { path code } }
      }
    } }`,
    { id, type },
  )
  expect(errors).toBeUndefined()
  return data.action.typeChange
}

test('what it would drop is told before, and nothing is changed by asking', async () => {
  const { action } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action([externalId, email, home])
    .create()
  expect(await ask(action.id, 'delete-user')).toEqual({
    __typename: 'ChangedActionType',
    action: { type: 'track-user', mappings: [externalId, email, home], revision: 2 },
    dropped: [home],
    issues: [],
  })
  const changed = await answerOf(
    app,
    'changeActionType',
    { id: action.id, revision: 2, type: 'delete-user' },
    `... on ChangedActionType { ${fields} }`,
  )
  expect(changed).toMatchObject({
    action: { type: 'delete-user', mappings: [externalId, email], revision: 3 },
    dropped: [home],
  })
})

test('a type that the connector has not is refused, with those that it has', async () => {
  const { action } = await seed(app).workspace().csvSource().segment().connector().action().create()
  expect(await ask(action.id, 'delete-usr')).toEqual({
    __typename: 'InvalidInput',
    issues: [{ path: ['type'], code: 'unknown_action_type' }],
  })
})
