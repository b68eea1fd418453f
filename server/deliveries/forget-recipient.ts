/** Forgets a person: hashes, places and dead letters go. Who it is lives as long as the request. */
import { wakeWorkflows } from '../actions/wake.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { type Issue, NotFound, rejectIssues } from '../problems/rules.ts'
import { sourceDocument } from '../sources/document.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { findItemsOfRecipients, findItemsOfRow, type RowKey } from './find-items.ts'
import { type ForgottenItems, forgetItems } from './forget-items.ts'
import { type Identifier, recipientsOf } from './recipient-hashes.ts'

export interface ForgetRecipient {
  readonly workspaceId: string
  readonly identifiers: readonly Identifier[]
  readonly rows: readonly { readonly dataSourceId: string; readonly key: readonly string[] }[]
}

export async function forgetRecipient(context: Context, input: ForgetRecipient): Promise<ForgottenItems> {
  const { db, deps } = context
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'administer')
  const connectors = await db.connector.findMany({
    where: { workspaceId },
    distinct: ['type'],
    select: { type: true },
  })
  const definitions = connectors.flatMap(({ type }) => deps.registry.connector(type)?.definition ?? [])
  const { recipients, issues } = recipientsOf(definitions, input.identifiers)
  const rows = await rowKeys(context, workspaceId, input.rows)
  rejectIssues([...issues, ...rows.issues])
  const key = await deps.workspaceKeys.of(workspaceId)
  const forgotten = await db.$transaction(
    async (tx) => {
      const ids = new Set(await findItemsOfRecipients(tx, key, workspaceId, recipients))
      for (const row of rows.keys) for (const id of await findItemsOfRow(tx, key, row)) ids.add(id)
      const items = await forgetItems(tx, [...ids])
      await recordChange(tx, context, {
        workspaceId,
        verb: 'forgetRecipient',
        entity: 'Workspace',
        entityId: workspaceId,
      })
      return items
    },
    { timeout: 120_000 },
  )
  if (forgotten.waiting > 0) await wakeWaiting(context, workspaceId)
  return forgotten
}

async function rowKeys(
  { db }: Context,
  workspaceId: string,
  rows: ForgetRecipient['rows'],
): Promise<{ readonly keys: readonly RowKey[]; readonly issues: readonly Issue[] }> {
  const sources = await db.dataSource.findMany({
    where: { workspaceId, id: { in: rows.map(({ dataSourceId }) => dataSourceId) } },
  })
  const keys = rows.map(({ dataSourceId, key }): RowKey => {
    const source = sources.find(({ id }) => id === dataSourceId)
    if (source === undefined) throw new NotFound('DataSource', dataSourceId)
    return { source: sourceDocument(source), key }
  })
  const issues = keys.flatMap(({ source: { keyColumns }, key }, index): Issue[] => {
    if (key.length === keyColumns.length) return []
    const message = `Give a value for each key column, in this order: ${keyColumns.join(', ')}.`
    return [{ path: ['rows', index, 'key'], code: 'invalid_row_key', message }]
  })
  return { keys, issues }
}

/** Deliveries that have nothing left to wait for, and those that waited behind the person's items. */
async function wakeWaiting({ db, deps }: Context, workspaceId: string): Promise<void> {
  const deliveries = await db.delivery.findMany({
    where: { workspaceId, state: 'WAITING' },
    select: { id: true },
  })
  const wakings = deliveries.map(
    ({ id }) =>
      () =>
        deps.workflows.wakeDelivery(id),
  )
  await wakeWorkflows(deps, wakings, 'The person is forgotten.')
}
