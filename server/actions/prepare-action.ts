/** Has a list or an audience created at the vendor for an action: once, whoever asks however often. */
import type { Prepare } from '@sluice/connector-sdk'
import type { Action, Preparation } from '../../prisma/generated/client/client.ts'
import { recordChange } from '../audit/service.ts'
import { vendorAccount } from '../connectors/service.ts'
import type { Context } from '../context.ts'
import { keyedHash } from '../deliveries/keyed-hash.ts'
import { createTestSender } from '../http/test-sender.ts'
import { InvalidInput } from '../problems/rules.ts'
import { type PreparationEnd, preparationEnd } from './preparation-end.ts'
import { beginAttempt, endAttempt, findPreparation, placeOf, stateAt } from './preparations.ts'
import { definitionOf, typeIssues } from './read-action.ts'
import { NotPrepared } from './rules.ts'
import { findAction, partsOf } from './service.ts'

export interface PrepareAction {
  readonly id: string
  /** Whether to try again where it is not known what became of the last time. */
  readonly repeatUnknown: boolean
}

/** Returns once it is created; it may have been before. */
export async function prepareAction(context: Context, { id, repeatUnknown }: PrepareAction): Promise<string> {
  const { db, deps } = context
  const action = await findAction(context, id, 'operate')
  const prepare = await prepareOf(context, action)
  const place = placeOf(action)
  const before = await findPreparation(db, place)
  const state = before === null ? null : stateAt(before, deps.clock())
  if (state === 'DONE') return id
  if (state === 'RUNNING') throw new NotPrepared('preparation_running')
  const mayRepeat = repeatUnknown || prepare.isDeduplicated === true
  if (state === 'UNKNOWN' && !mayRepeat)
    throw new NotPrepared('preparation_unknown', before?.errorCode ?? null)
  await attempt(context, action, prepare, before)
  return id
}

async function prepareOf(context: Context, action: Action): Promise<Prepare> {
  const parts = await partsOf(context, action.workspaceId, action)
  const definition = definitionOf(parts, action.type)
  if (definition === undefined) throw new InvalidInput(typeIssues(action, parts))
  if (definition.prepare !== undefined) return definition.prepare
  const message = `"${definition.title}" has nothing to prepare: publish the action as it is.`
  throw new InvalidInput([{ path: ['id'], code: 'not_applicable', message }])
}

async function attempt(
  context: Context,
  action: Action,
  prepare: Prepare,
  before: Preparation | null,
): Promise<void> {
  // After a failure the same request may be sent again.
  const { keyed, ...withoutKey } = context
  const { db, deps } = context
  const { id, workspaceId } = action
  const place = placeOf(action)
  const key = await deps.workspaceKeys.of(workspaceId)
  const number = await beginAttempt(db, workspaceId, place, before, deps.clock())
  if (number === null) throw new NotPrepared('preparation_running')
  const end = await ask(context, action, prepare, keyedHash(key.hash('prepare'), JSON.stringify(place)))
  await db.$transaction(async (tx) => {
    await endAttempt(tx, key, { ...place, attempt: number }, end, deps.clock())
    await recordChange(tx, end.state === 'DONE' ? context : withoutKey, {
      workspaceId,
      verb: 'prepareAction',
      entity: 'Action',
      entityId: id,
    })
  })
  if (end.state === 'UNKNOWN') throw new NotPrepared('preparation_unknown', end.errorCode)
  if (end.state === 'FAILED') throw new NotPrepared('preparation_failed', end.errorCode)
}

/** One request, never repeated here; whatever the plugin's code does, the attempt has an end. */
async function ask(
  context: Context,
  { name, connectorId }: Action,
  prepare: Prepare,
  key: string,
): Promise<PreparationEnd> {
  const { deps } = context
  let isSent = false
  try {
    const account = await vendorAccount(context, connectorId, 'operate')
    const request = prepare.plan({ settings: account.settings, actionName: name, key })
    isSent = true
    const sent = await createTestSender(deps)(request, account)
    if (!sent.ok) return { state: sent.mayHaveArrived ? 'UNKNOWN' : 'FAILED', errorCode: sent.code }
    const { response } = sent
    const answer = prepare.interpret(response)
    return preparationEnd(prepare, account.definition.errorCatalogue, response.status, answer)
  } catch (error) {
    // A plugin's code failed: before the request nothing happened, after it nobody knows what did.
    deps.log.warn({ err: error }, 'a preparation failed')
    return { state: isSent ? 'UNKNOWN' : 'FAILED', errorCode: 'connector_failed' }
  }
}
