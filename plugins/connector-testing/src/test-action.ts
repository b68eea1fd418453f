/** Given these records, what goes out and what becomes of each: the pipeline that a host runs, to a vendor that answers as told. */
import type { Connector, PublicSettings, Verdict } from '@sluice/connector-sdk'
import { sha256, verdict, worstVerdict } from '@sluice/connector-sdk'
import { compileLane } from '../../../engine/compile.ts'
import { type Item, itemOf, type SendableItem } from '../../../engine/delivering/item.ts'
import { sendItems } from '../../../engine/delivering/send-items.ts'
import { cut } from '../../../engine/planning/cut.ts'
import type { HttpRequest, HttpResult } from '../../../engine/sending/transport.ts'
import { sendOverHttp } from './send-over-http.ts'
import { type TestMapping, type TestRecord, tableOf } from './test-table.ts'
import { maskedSecrets, readTestSettings, recordSource, versionOf } from './test-version.ts'

/**
 * How the vendor answers a request: with a status and a body, or not at all. `unreached` ends before the first byte
 * was written, `lost` after it: then the vendor may have applied the request.
 */
export type TestAnswer =
  | {
      readonly status: number
      /** Names in lower case. */
      readonly headers?: Readonly<Record<string, string>>
      /** A value becomes JSON, a text stays as it is. */
      readonly body?: unknown
    }
  | 'unreached'
  | 'lost'

/** A request as it went over the wire. */
export interface TestRequest {
  readonly method: string
  readonly url: string
  /** Secrets stand in it as `<name>`. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed where it is JSON, else its text; null where there is none. */
  readonly body: unknown
}

export interface TestActionOptions {
  /** Settings that the connector works with, without its secrets. */
  readonly settings: PublicSettings
  /** What the data source holds. A name that a record lacks is null in it. */
  readonly records: readonly TestRecord[]
  /** Which attribute or constant goes into which parameter. Default: attributes go where their names say. */
  readonly mapping?: readonly TestMapping[]
  /**
   * One for each request, in order, or what makes one of a request, or `http` to send them for real, to a simulator
   * whose address is in the settings. Default: each gets a 200 with `{}`.
   */
  readonly responses?: readonly TestAnswer[] | ((request: TestRequest, index: number) => TestAnswer) | 'http'
}

export interface TestedAction {
  /** In the order in which they were sent, with the records that each carried. */
  readonly requests: readonly (TestRequest & { readonly records: readonly number[] })[]
  /** What became of each record, in order: the worst verdict of its parts. */
  readonly verdicts: readonly Verdict[]
}

/** The creation of the delivery, and when everything happens: 28 May 2026, 10:00 UTC. */
export const testNow = Date.UTC(2026, 4, 28, 10)

/**
 * Runs records through an action as a host does: mapping, validation, cutting by the limits, plan, encoding,
 * authentication, answer, `interpret`; a group that one answer refuses whole is halved. Nothing is repeated.
 *
 * @throws when the settings or the mapping do not fit, or when more requests are sent than responses were given
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
  connector: Connector,
  type: string,
  { mapping, records, responses = () => ({ status: 200, body: {} }), settings }: TestActionOptions,
): Promise<TestedAction> {
  const definition = connector.actions[type]
  if (definition === undefined) throw new Error(`The connector "${connector.id}" has no action "${type}".`)
  const { batch, columns, mappings } = tableOf(records, definition.parameters, mapping)
  const version = versionOf(connector, type, readTestSettings(connector, settings), columns, mappings)
  const lane = compileLane(version, type, { connector: () => connector, source: () => recordSource })

  const items = records.flatMap((_, row) => itemOf(lane, batch, row) ?? [])
  const places = new Map<Item, number>(items.map((item, index) => [item, index]))
  const requests: TestRequest[] = []
  const carried: (readonly number[])[] = []
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
    itemKey: (item: SendableItem) => `key-${places.get(item)}`,
    requestKey: sha256,
    noteStarted: () => Promise.resolve(),
    async transport(http: HttpRequest): Promise<HttpResult> {
      const request = shown(http)
      const index = requests.push(request) - 1
      if (responses === 'http') return sendOverHttp(http)
      const answer = typeof responses === 'function' ? responses(request, index) : responses[index]
      if (answer === undefined) {
        throw new Error(
          `${request.method} ${request.url} is request ${index + 1}: no response is left for it.`,
        )
      }
      return resultOf(answer)
    },
    onRequest({
      items: group,
      parts,
    }: {
      items: readonly SendableItem[]
      parts: readonly { item: number }[]
    }) {
      const rows = parts.flatMap(({ item }) => {
        const place = group[item]
        return place === undefined ? [] : [places.get(place) ?? -1]
      })
      // One that never left was tried twice.
      while (carried.length < requests.length) carried.push([...new Set(rows)])
    },
  }
  for (const slice of cut(items, definition.limits(lane.settings))) {
    const sendable = slice.filter((item) => item.kind === 'sendable')
    const answers = await sendItems(deps, sendable)
    for (const [index, parts] of answers.entries()) {
      const place = places.get(sendable[index] ?? (slice[0] as Item))
      if (place !== undefined && parts.length > 0) {
        verdicts[place] = worstVerdict(parts.map((part) => part.verdict))
      }
    }
  }
  return {
    requests: requests.map((request, index) => ({ ...request, records: carried[index] ?? [] })),
    verdicts,
  }
}

function shown({ body, headers, method, url }: HttpRequest): TestRequest {
  return { method, url, headers, body: body === null ? null : parsed(body) }
}

function resultOf(answer: TestAnswer): HttpResult {
  if (answer === 'unreached') return { kind: 'not-sent', code: 'connection_failed' }
  if (answer === 'lost') return { kind: 'no-answer', code: 'connection_lost' }
  const { body = '', headers = {}, status } = answer
  return { kind: 'answer', status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A form or a text: shown as it is.
    return text
  }
}
