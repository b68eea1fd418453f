/** Favourite connectors: each person's own, with whatever token they ask; the owner of the installation is one of them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createToken, hashToken } from '../../server/access/token.ts'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { addMember } from '../harness/people.ts'
import { type Seeded, seed } from '../harness/seed.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const favourite = '... on Connector { isFavourite revision }'

async function isFavourite({ id }: Seeded, token = app.token): Promise<boolean> {
  const { data } = await app.ask('query ($id: ID!) { connector(id: $id) { isFavourite } }', { id }, token)
  return data.connector.isFavourite
}

test('a favourite is of one person, whatever their role and token, and no edit of the connector', async () => {
  const { connector, workspace } = await seed(app).workspace().connector().create()
  const viewer = await addMember(app, workspace, 'VIEWER')
  const editor = await addMember(app, workspace, 'EDITOR')
  const { id } = connector
  expect(await answerOf(app, 'favouriteConnector', { id }, favourite, viewer.token)).toEqual({
    __typename: 'Connector',
    isFavourite: true,
    revision: connector.revision,
  })
  expect(await isFavourite(connector, viewer.token)).toBe(true)
  expect(await isFavourite(connector, editor.token)).toBe(false)
  expect(await isFavourite(connector)).toBe(false)

  const another = createToken()
  await app.db.apiToken.create({
    data: {
      workspaceId: workspace.id.replace('Workspace_', ''),
      name: 'another of the viewer',
      scopes: ['read'],
      hash: hashToken(another),
      createdById: viewer.userId,
    },
  })
  expect(await isFavourite(connector, another)).toBe(true)
  await answerOf(app, 'unfavouriteConnector', { id }, favourite, another)
  expect(await isFavourite(connector, viewer.token)).toBe(false)
})

test('the owner of the installation has favourites, which are those of the tokens that the owner made', async () => {
  const { connector, workspace } = await seed(app).workspace().connector().create()
  const { id } = connector
  // Repeating it changes nothing, and is put on record once.
  for (const _ of [1, 2]) {
    expect(await answerOf(app, 'favouriteConnector', { id }, favourite)).toMatchObject({ isFavourite: true })
  }
  expect(await isFavourite(connector, await app.tokenFor(workspace.id.replace('Workspace_', '')))).toBe(true)
  const entityId = id.replace('Connector_', '')
  expect(await app.db.favouriteConnector.count({ where: { connectorId: entityId } })).toBe(1)
  expect(await app.db.auditEntry.count({ where: { entityId, verb: 'favouriteConnector' } })).toBe(1)
  for (const _ of [1, 2]) {
    expect(await answerOf(app, 'unfavouriteConnector', { id }, favourite)).toMatchObject({
      isFavourite: false,
    })
  }
})

test('who leaves the workspace leaves no favourites behind, and a copy is nobody’s favourite', async () => {
  const { connector, workspace } = await seed(app).workspace().connector().create()
  const editor = await addMember(app, workspace, 'EDITOR')
  await answerOf(app, 'favouriteConnector', { id: connector.id }, favourite, editor.token)
  const copy = await answerOf(
    app,
    'duplicateConnector',
    { id: connector.id },
    '... on Connector { isFavourite }',
    editor.token,
  )
  expect(copy).toEqual({ __typename: 'Connector', isFavourite: false })
  await answerOf(app, 'removeMember', { id: `Member_${editor.memberId}` })
  expect(await app.db.favouriteConnector.count({ where: { userId: editor.userId } })).toBe(0)
})
