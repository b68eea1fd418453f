/** Given these records, what goes out and what becomes of each: the pipeline that a host runs, to a vendor that answers as told. */
import type { ActionMapping, Connector, PublicSettings, Verdict } from '@sluice/connector-sdk'
import { sha256, verdict, worstVerdict } from '@sluice/connector-sdk'
import { compileLane } from '../../../engine/compile.ts'
import { type Item, itemOf, type SendableItem } from '../../../engine/delivering/item.ts'
import { sendItems } from '../../../engine/delivering/send-items.ts'
import type { SendDeps } from '../../../engine/delivering/send-requests.ts'
import { cut } from '../../../engine/planning/cut.ts'
import type { Authorize } from '../../../engine/sending/authorize.ts'
import { masked } from '../../../engine/sending/masked.ts'
import { digest } from './digest.ts'
import { createRequestTape, type TestRequest, type TestResponses } from './request-tape.ts'
import { batchOf, columnsOf, mappedByName, type TestRecord } from './test-table.ts'
import {
  maskedSecrets,
  readTestSettings,
  recordSource,
  type TestTemplate,
  versionOf,
} from './test-version.ts'
import { watchConnector } from './watch-connector.ts'

export interface TestActionOptions {
  /** Settings that the connector works with, without its secrets. */
  readonly settings: PublicSettings
  /** What the data source holds. A name that a record lacks is null in it. */
  readonly records: readonly TestRecord[]
  /** What goes into which parameter. Default: attributes go where their names say. */
  readonly mapping?: readonly ActionMapping[]
  /** The action's templates, for a mapping that names them. */
  readonly templates?: readonly TestTemplate[]
  /** What the action's `prepare` gave, by the names of its outputs. Default: nothing. */
  readonly prepared?: Readonly<Record<string, string>>
  /**
   * How the vendor answers; `http` sends for real, to a simulator whose address is in the settings, `{ http: address }`
   * to one at this address whatever host the connector has. Default: each request gets a 200 with `{}`.
   */
  readonly responses?: TestResponses
}

export interface TestedAction {
  /** In the order in which they were sent, with the records that each carried. */
  readonly requests: readonly (TestRequest & { readonly records: readonly number[] })[]
  /** What became of each record, in order: the worst verdict of its parts. */
  readonly verdicts: readonly Verdict[]
  /** What functions of the connector threw. A host drops it and says `connector_failed` or `answer_unreadable`. */
  readonly thrown: readonly unknown[]
}

type RequestEnd = Parameters<SendDeps['onRequest']>[0]

/** The creation of the delivery, and when everything happens: 28 May 2026, 10:00 UTC. */
export const testNow = Date.UTC(2026, 4, 28, 10)
/** The delivery that a mapping of its id sends. */
const testDelivery = '01900000-0000-7000-8000-000000000000'

/**
 * Runs records through an action as a host does: mapping, validation, cutting by the limits, plan, encoding,
 * authentication, answer, `interpret`; a group that one answer refuses whole is halved. Nothing is repeated.
 *
 * @throws when the settings, the mapping or the templates do not fit, or when more requests are sent than responses
 * were given
 *
 * @example
 * ```ts
 * const { requests, verdicts } = await testAction(acme, 'add-contact', {
 *   settings: { endpoint: 'https://api.acme.example' },
 *   records: [{ id: '1', email: 'ann@example.com' }],
 *   responses: [{ status: 200, body: { failed: [0] } }],
 * })
 * expect(requests).toMatchInlineSnapshot()
 * expect(verdicts).toEqual([verdict.refused('invalid_contact')])
 * ```
 */
export async function testAction(
  given: Connector,
  type: string,
  {
    mapping,
    prepared = {},
    records,
    responses = () => ({ status: 200, body: {} }),
    settings,
    templates = [],
  }: TestActionOptions,
): Promise<TestedAction> {
  const thrown: unknown[] = []
  const connector = watchConnector(given, (error) => thrown.push(error))
  const definition = connector.actions[type]
  if (definition === undefined) throw new Error(`The connector "${connector.id}" has no action "${type}".`)
  const columns = columnsOf(records)
  const version = versionOf(connector, type, {
    settings: readTestSettings(connector, settings),
    columns,
    mapping: mapping ?? mappedByName(columns, definition.parameters),
    templates,
  })
  const plugins = { connector: () => connector, source: () => recordSource }
  const lane = compileLane(version, type, plugins, { digest }).inDelivery({
    id: testDelivery,
    createdAt: testNow,
    prepared,
  })

  const batch = batchOf(records, lane.attributes)
  const items: readonly Item[] = records.flatMap((_, row) => itemOf(lane, batch, row) ?? [])
  const { requests, transport } = createRequestTape(responses)
  const carried: (readonly number[])[] = []
  const placeOf = (item: Item | undefined) => (item === undefined ? -1 : items.indexOf(item))
  const verdicts = items.map(
    (item): Verdict =>
      item.kind === 'rejected'
        ? verdict.rejected(item.fault.code, item.fault.path)
        : verdict.rejected('not_planned'),
  )
  const deps = {
    lane,
    account: { definition: connector, settings: lane.settings, secrets: maskedSecrets(connector) },
    createdAt: testNow,
    now: () => testNow,
    itemKey: (item: SendableItem) => `key-${placeOf(item)}`,
    requestKey: sha256,
    noteStarted: () => Promise.resolve(),
    transport,
    authorize,
    onRequest({ items: group, parts }: RequestEnd) {
      const rows = new Set(parts.map(({ item }) => placeOf(group[item])))
      // One that never left was tried twice.
      while (carried.length < requests.length) carried.push([...rows])
    },
  }
  for (const slice of cut(items, definition.limits(lane.settings))) {
    const sendable = slice.filter((item) => item.kind === 'sendable')
    const answers = await sendItems(deps, sendable)
    for (const [index, parts] of answers.entries()) {
      if (parts.length > 0) {
        verdicts[placeOf(sendable[index])] = worstVerdict(parts.map((part) => part.verdict))
      }
    }
  }
  return {
    requests: requests.map((request, index) => ({ ...request, records: carried[index] ?? [] })),
    verdicts,
    thrown,
  }
}

/** A signature or token is made by a host; in a test it is as masked as the secrets. */
const authorize: Authorize = async (request, _, refused) =>
  refused === null ? { kind: 'ready', request: masked(request), proof: 'masked' } : { kind: 'nothing-new' }
