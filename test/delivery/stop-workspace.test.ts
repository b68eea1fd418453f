/** A whole workspace is stopped, switched off or deleted while it delivers: in every process, and without a loss. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { parseGlobalId } from '../../server/graphql/global-id.ts'
import { purgeDeletedWorkspaces } from '../../server/workspaces/purge-deleted.ts'
import { deliverContract, runLaneContract, syncSourceContract } from '../../workflows/contracts.ts'
import { mutate } from '../harness/mutate.ts'
import { attribute, withScenes } from '../harness/scene.ts'
import type { Row } from '../harness/seed.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/until.ts'

let stack: Stack
const it = withScenes(() => stack)
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const always = Number.POSITIVE_INFINITY
const toPlan = [attribute('externalId', 'id'), attribute('attributes', 'plan', 'plan')]
/** On a busy machine each of them is slow. */
const patienceMs = 180_000

function users(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, plan: 'free' }))
}

/** Ids of the workflows that a workspace may have. */
async function workflowsOf(workspaceId: string): Promise<readonly string[]> {
  const lanes = await stack.db.lane.findMany({ where: { workspaceId } })
  const deliveries = await stack.db.delivery.findMany({ where: { workspaceId } })
  return [
    ...lanes.map(({ dataSourceId }) => syncSourceContract.workflowId({ dataSourceId })),
    ...lanes.map(({ id }) => runLaneContract.workflowId({ laneId: id })),
    ...deliveries.map(({ id }) => deliverContract.workflowId({ deliveryId: id })),
  ]
}

/** Those that run. */
async function openOf(workflowIds: readonly string[]): Promise<readonly string[]> {
  const { address, namespace } = stack.temporal
  const connection = await Connection.connect({ address })
  try {
    const client = new Client({ connection, namespace })
    const found = await Promise.all(
      workflowIds.map(async (id) => {
        const { status } = await client.workflow.getHandle(id).describe()
        return status.name === 'RUNNING' ? [id] : []
      }),
    )
    return found.flat()
  } finally {
    await connection.close()
  }
}

describe.concurrent('stopping a whole workspace', () => {
  it(
    'stops every delivery at once, and resuming goes on without a loss or a repeat',
    async ({ createScene }) => {
      const scene = await createScene({
        from: users(9_000),
        mappings: toPlan,
        faults: [
          { kind: 'slow', delayMs: 50, times: 10 },
          { kind: 'slow', delayMs: 1_000, times: always },
        ],
      })
      await until('some are delivered', () => scene.braze.objects >= 750)
      await mutate(stack, 'stopAll', { id: scene.workspaceId })
      await until('the delivery stands', async () => (await scene.look()).deliveries[0]?.state === 'PAUSED')
      const stopped = await scene.look()
      const sent = scene.braze.objects
      expect(sent).toBeLessThan(9_000)
      // What was in flight has come home and is counted; the action itself is not paused.
      expect(stopped).toMatchObject({ pausedAt: null, counts: { delivered: sent } })

      scene.braze.faults.clear()
      // Woken, it looks and stands again: nothing is sent.
      await mutate(stack, 'resumeAction', { id: scene.action.id })
      await scene.replaceRows(users(9_001))
      await sleep(800)
      expect(scene.braze.objects).toBe(sent)
      expect((await scene.look()).deliveries).toHaveLength(1)

      await mutate(stack, 'resumeAll', { id: scene.workspaceId })
      const { counts } = await scene.settled(9_001, 60_000)
      expect(counts).toMatchObject({ matched: 9_001, delivered: 9_001, retries: 0 })
      expect(scene.braze.receivedUsers).toBe(9_001)
    },
    patienceMs,
  )

  it(
    'with connectors off it delivers nothing, until they are on again',
    async ({ createScene }) => {
      const scene = await createScene({ from: users(2), mappings: toPlan })
      await scene.settled(2)
      const off = await mutate(stack, 'disableConnectors', { id: scene.workspaceId, revision: 1 })
      await scene.replaceRows(users(5))
      await sleep(1_500)
      expect((await scene.look()).counts).toMatchObject({ matched: 2, delivered: 2 })
      await mutate(stack, 'enableConnectors', { id: scene.workspaceId, revision: off.revision })
      expect((await scene.settled(5)).counts).toMatchObject({ matched: 5, delivered: 5 })
    },
    patienceMs,
  )
})

describe.concurrent('deleting a workspace', () => {
  it(
    'ends what is under way: nothing is sent any more, its workflows end, its rows go',
    async ({ createScene }) => {
      const scene = await createScene({
        from: users(9_000),
        mappings: toPlan,
        faults: [
          { kind: 'slow', delayMs: 50, times: 10 },
          { kind: 'slow', delayMs: 1_000, times: always },
        ],
      })
      await until('some are delivered', () => scene.braze.objects >= 750)
      const id = parseGlobalId(scene.workspaceId)?.id ?? ''
      const { name } = await stack.db.workspace.findUniqueOrThrow({ where: { id } })
      const { deleteWorkspace } = await stack.data(
        `mutation ($input: DeleteWorkspaceInput!) {
        deleteWorkspace(input: $input) { __typename ... on DeletedWorkspace { keyFingerprint } }
      }`,
        { input: { id: scene.workspaceId, name } },
      )
      expect(deleteWorkspace).toMatchObject({ keyFingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) })
      const workflows = await workflowsOf(id)
      expect(workflows.length).toBeGreaterThan(0)
      await until('its workflows have ended', async () => (await openOf(workflows)).length === 0, 90_000)
      await purgeDeletedWorkspaces(stack.db, 0)
      expect(await stack.db.delivery.count({ where: { workspaceId: id } })).toBe(0)
      const sent = scene.braze.objects
      expect(sent).toBeLessThan(9_000)
      await sleep(800)
      expect(scene.braze.objects).toBe(sent)
    },
    patienceMs,
  )
})
