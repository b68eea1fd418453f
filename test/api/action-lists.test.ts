/** A page of actions takes as many statements for twenty-two as for two, whatever is asked of each. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerOf } from '../harness/answer-of.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { mutate } from '../harness/mutate.ts'
import { seed } from '../harness/seed.ts'
import { statementsOf } from '../harness/statements.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const fields = `
  id name type typeVersion mappings status isEnabled isLive pausedAt notRunnable notes revision
  issues { code } parameters { name title filledBy { key } } preparation { state }
  labels { name colour } templates { name source } templateVariables { name }
  workspace { name } connector { name type isEnabled } dataSource { name } segment { name }
  metrics { matched delivered }
`

const lists = [
  [
    'findActions',
    `findActions(first: 50, orderBy: { by: TOTAL_VOLUME }) { totalCount edges { node { ${fields} } } }`,
  ],
  ['the actions of a workspace', `actions { ${fields} }`],
] as const

test.each(lists)('%s', async (_name, list) => {
  const { action, workspace } = await seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector()
    .action(undefined, { templates: [{ name: 'Mail', source: '{{email}}' }] })
    .publish()
  const label = await mutate(app, 'createLabel', {
    workspaceId: workspace.id,
    name: 'gold',
    colour: '#000000',
  })
  await answerOf(app, 'labelActions', { actionIds: [action.id], labelIds: [label.id] })
  await mutate(app, 'duplicateAction', { id: action.id })
  const ask = async () => {
    const { data, errors } = await app.ask(`query ($id: ID!) { workspace(id: $id) { ${list} } }`, workspace)
    expect(errors).toBeUndefined()
    return data.workspace.actions ?? data.workspace.findActions.edges
  }
  // A workspace's key is kept in memory for a while, and then looked up again: when that is has nothing to do with lists.
  const counted = async () =>
    (await statementsOf(ask))
      .filter((each) => !each.includes('"wrapped_key"'))
      .map(shortened)
      .toSorted()
  const few = await counted()
  for (let copies = 0; copies < 20; copies += 1) await mutate(app, 'duplicateAction', { id: action.id })
  expect(await ask()).toHaveLength(22)
  expect(await counted()).toEqual(few)
  expect(few.length).toBeLessThan(25)
})

/** As far as it tells what is read: the number of parameters grows with the list. */
function shortened(statement: string): string {
  return statement.replaceAll(/\s+/g, ' ').slice(0, 80)
}
