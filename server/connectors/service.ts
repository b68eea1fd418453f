/** Connectors: accounts at vendors, with secrets that go in and never come out. */

import type { Account } from '../../engine/sending/account.ts'
import type { Connector, Prisma } from '../../prisma/generated/client/client.ts'
import { type Right, requireRight, within } from '../access/rules.ts'
import { recordChange } from '../audit/service.ts'
import type { Context } from '../context.ts'
import { createTestSender } from '../http/test-sender.ts'
import { InvalidInput, type Issue, NotFound, RevisionConflict, rejectIssues } from '../problems/rules.ts'
import { isRecord, type JsonObject } from '../workspaces/json.ts'
import { nameIssues } from '../workspaces/name-issues.ts'
import { notesIssues } from '../workspaces/notes-issues.ts'
import { present } from '../workspaces/present.ts'
import { openSecrets, sealSecrets } from '../workspaces/secrets.ts'
import { coveredWorkspace } from '../workspaces/service.ts'
import { namedOnce } from '../workspaces/taken-name.ts'
import { newConnectorIssues, readAccount, type SavedAccount, unknownTypeIssue } from './read-connector.ts'
import { type ConnectionTest, describeVerdict } from './rules.ts'

export interface CreateConnector {
  readonly workspaceId: string
  readonly name: string
  readonly type: string
  readonly settings?: unknown
  readonly notes?: string
  /** Of the type, where it has some. */
  readonly acceptTerms?: boolean
}

export interface UpdateConnector {
  readonly id: string
  readonly revision: number
  readonly name?: string
  readonly settings?: unknown
  readonly notes?: string
}

export interface SwitchConnector {
  readonly id: string
  readonly revision: number
}

export async function createConnector(context: Context, input: CreateConnector): Promise<string> {
  const { db, deps } = context
  const { name, type, notes = '' } = input
  const workspaceId = await coveredWorkspace(context, input.workspaceId, 'edit')
  const named = [...nameIssues(name), ...notesIssues(notes)]
  const installed = deps.registry.connector(type)
  if (installed === undefined) throw new InvalidInput([...named, unknownType(context, type)])
  const { definition } = installed
  const found = [...named, ...newConnectorIssues(definition, input.acceptTerms === true)]
  const read = readAccount(definition, input.settings, null)
  if (!read.ok) throw new InvalidInput([...found, ...read.issues])
  rejectIssues(found)
  const { settings } = read
  const secrets = sealSecrets(await deps.workspaceKeys.of(workspaceId), read.secrets)
  return namedOnce('Connector', name, () =>
    db.$transaction(async (tx) => {
      const data = { workspaceId, name, type, settings, secrets, notes }
      const { id } = await tx.connector.create({ data })
      await recordChange(tx, context, {
        workspaceId,
        verb: 'createConnector',
        entity: 'Connector',
        entityId: id,
      })
      return id
    }),
  )
}

export async function updateConnector(context: Context, input: UpdateConnector): Promise<string> {
  const { id, revision } = input
  const current = await findConnector(context, id, 'edit')
  if (current.revision !== revision) throw new RevisionConflict('Connector', id, current.revision)
  const { name, notes } = { ...current, ...input }
  const found = [...nameIssues(name), ...notesIssues(notes)]
  const account =
    input.settings === undefined ? {} : await changedAccount(context, current, input.settings, found)
  rejectIssues(found)
  await namedOnce('Connector', name, () =>
    save(context, current, 'updateConnector', { name, notes, ...account }),
  )
  return id
}

/** Lets its actions run, with the next publish. */
export function activateConnector(context: Context, input: SwitchConnector): Promise<string> {
  return switchConnector(context, input, 'activateConnector', true)
}

/** Keeps its actions from running, with the next publish. */
export function deactivateConnector(context: Context, input: SwitchConnector): Promise<string> {
  return switchConnector(context, input, 'deactivateConnector', false)
}

/** Sends the request that the connector declares for this; nothing changes at the vendor. */
export async function testConnection(
  context: Context,
  { id }: { readonly id: string },
): Promise<ConnectionTest> {
  const { deps } = context
  const account = await vendorAccount(context, id, 'operate')
  const { definition, settings } = account
  try {
    const request = definition.testConnection.plan({ settings, now: deps.clock().getTime() })
    const sent = await createTestSender(deps)(request, account)
    if (!sent.ok) return { ok: false, verdict: null, errorCode: sent.code, message: sent.message }
    return describeVerdict(definition.testConnection.interpret(sent.response), definition.name)
  } catch (error) {
    // A plugin's code failed: that is an answer about the connector, not about us.
    deps.log.warn({ err: error, connectorType: definition.id }, 'a connection test failed')
    const message = `The connector "${definition.name}" could not make sense of the test. Update its package, or tell its maintainers.`
    return { ok: false, verdict: null, errorCode: 'plugin_failed', message }
  }
}

/** The account as it is saved, its secrets opened: for a sender, and nobody else. */
export async function vendorAccount(context: Context, id: string, right: Right): Promise<Account> {
  const connector = await findConnector(context, id, right)
  const definition = context.deps.registry.connector(connector.type)?.definition
  if (definition === undefined) throw new InvalidInput([unknownType(context, connector.type)])
  const owner = { workspaceId: connector.workspaceId, connectorId: connector.id }
  return { definition, owner, ...(await savedAccount(context, connector)) }
}

async function switchConnector(
  context: Context,
  { id, revision }: SwitchConnector,
  verb: string,
  isEnabled: boolean,
): Promise<string> {
  const current = await findConnector(context, id, 'edit')
  // What is as wanted needs no edit: a repeated request must not become a conflict.
  if (current.isEnabled === isEnabled) return id
  if (current.revision !== revision) throw new RevisionConflict('Connector', id, current.revision)
  await save(context, current, verb, { isEnabled })
  return id
}

export async function findConnector({ db, access }: Context, id: string, right: Right): Promise<Connector> {
  const connector = await db.connector.findUnique({ where: { id, ...within(access), ...present } })
  if (connector === null) throw new NotFound('Connector', id)
  requireRight(access, connector.workspaceId, right)
  return connector
}

interface Changes {
  readonly name?: string
  readonly notes?: string
  readonly settings?: JsonObject
  readonly secrets?: Uint8Array<ArrayBuffer> | null
  readonly isEnabled?: boolean
  readonly deletedAt?: Date
}

export async function save(
  context: Context,
  { id, workspaceId, revision }: Connector,
  verb: string,
  data: Changes,
  also: (tx: Prisma.TransactionClient) => Promise<void> = async () => {},
): Promise<void> {
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.connector.updateMany({
      where: { id, workspaceId, revision },
      data: { ...data, revision: { increment: 1 } },
    })
    if (count === 0) {
      const changed = await tx.connector.findUniqueOrThrow({ where: { id } })
      throw new RevisionConflict('Connector', id, changed.revision)
    }
    await also(tx)
    await recordChange(tx, context, { workspaceId, verb, entity: 'Connector', entityId: id })
  })
}

/** `found` are issues that are reported together with those of the settings. */
async function changedAccount(
  context: Context,
  current: Connector,
  given: unknown,
  found: readonly Issue[],
): Promise<Changes> {
  const { registry, workspaceKeys } = context.deps
  const definition = registry.connector(current.type)?.definition
  if (definition === undefined) throw new InvalidInput([...found, unknownType(context, current.type)])
  const read = readAccount(definition, given, await savedAccount(context, current))
  if (!read.ok) throw new InvalidInput([...found, ...read.issues])
  const secrets = sealSecrets(await workspaceKeys.of(current.workspaceId), read.secrets)
  return { settings: read.settings, secrets }
}

export async function savedAccount({ deps }: Context, row: Connector): Promise<SavedAccount> {
  const settings = isRecord(row.settings) ? row.settings : {}
  return { settings, secrets: openSecrets(await deps.workspaceKeys.of(row.workspaceId), row.secrets) }
}

export function unknownType({ deps }: Context, type: string): Issue {
  return unknownTypeIssue(
    type,
    deps.registry.connectors().map(({ definition }) => definition.id),
  )
}
