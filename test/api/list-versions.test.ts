/** The history: newest first, page by page, filtered by time, by who published, by text. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let workspaceId: string
beforeAll(async () => {
  app = await createTestApp()
  const { workspace } = await seed(app).workspace().create()
  workspaceId = workspace.id
  const ourToken = await app.tokenFor(decodeGlobalId(workspaceId).id)
  await answerOf(app, 'publishVersion', { workspaceId, notes: 'The first', name: 'Spring 100%' })
  await answerOf(app, 'publishVersion', { workspaceId, notes: 'More mail' }, '', ourToken)
  await answerOf(app, 'publishVersion', { workspaceId, notes: 'Less mail' }, '', ourToken)
  const day = (number: number) =>
    app.db.version.updateMany({
      where: { number },
      data: { publishedAt: new Date(Date.UTC(2026, 0, number)) },
    })
  await Promise.all([1, 2, 3].map(day))
})
afterAll(() => app.close())

async function numbers(args: object) {
  const { data, errors } = await app.ask(
    `query ($id: ID!, $filter: VersionFilter, $first: Int, $after: String) {
      workspace(id: $id) {
        versions(filter: $filter, first: $first, after: $after) {
          edges { cursor node { number publishedBy publishedById } }
          pageInfo { hasNextPage }
        }
      }
    }`,
    { id: workspaceId, ...args },
  )
  expect(errors).toBeUndefined()
  return data.workspace.versions
}

const listed = async (filter: object) =>
  (await numbers({ filter })).edges.map(({ node }: { node: { number: number } }) => node.number)

test('it goes from the newest to the oldest, page by page', async () => {
  const page = await numbers({ first: 2 })
  expect(page).toMatchObject({
    edges: [{ node: { number: 3 } }, { node: { number: 2 } }],
    pageInfo: { hasNextPage: true },
  })
  expect(await numbers({ first: 2, after: page.edges[1].cursor })).toMatchObject({
    edges: [{ node: { number: 1 } }],
    pageInfo: { hasNextPage: false },
  })
})

test('it is filtered by time, by text of notes and name, and by who published', async () => {
  expect(await listed({ publishedFrom: '2026-01-02T00:00:00Z' })).toEqual([3, 2])
  expect(await listed({ publishedBefore: '2026-01-02T00:00:00Z' })).toEqual([1])
  expect(await listed({ text: 'MAIL' })).toEqual([3, 2])
  expect(await listed({ text: 'spring' })).toEqual([1])
  const { edges } = await numbers({})
  const [{ node }] = edges
  expect(node.publishedById).toEqual(expect.any(String))
  expect(await listed({ publishedBy: node.publishedById })).toEqual([3, 2])
  expect(await listed({ publishedBy: 'owner' })).toEqual([1])
  expect(await listed({ publishedBy: 'owner', text: 'mail' })).toEqual([])
})
