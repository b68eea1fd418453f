/** One request to a simulated vendor from its text to its answer: answered, faulted, stored, recorded. */
import type { ServerResponse } from 'node:http'
import type { Fault, FaultScript } from './faults.ts'
import { createFaultyAnswer } from './faulty-answer.ts'
import { jsonOrText } from './json-or-text.ts'
import type { ArrivedRequest, Reply } from './reply.ts'
import type { RequestLog } from './request-log.ts'
import { sendJson } from './send-json.ts'

export interface ExchangeDeps {
  readonly faults: FaultScript<Fault>
  readonly log: RequestLog
  readonly now: () => number
  readonly later: (delayMs: number, run: () => void) => void
  /** How long an answer takes that no fault gives. Default: 0. */
  readonly latencyMs?: number
  respond(request: ArrivedRequest): Reply
}

export interface Exchanges {
  readonly requests: number
  answer(
    request: Pick<ArrivedRequest, 'method' | 'path' | 'query' | 'headers' | 'text'>,
    response: ServerResponse,
  ): void
}

export function createExchanges({
  faults,
  latencyMs = 0,
  later,
  log,
  now,
  respond,
}: ExchangeDeps): Exchanges {
  const answerWithFault = createFaultyAnswer({ later })
  let requests = 0

  return {
    get requests() {
      return requests
    },
    answer({ headers, method, path, query, text }, response) {
      requests += 1
      const sequence = requests
      const arrivedAt = now()
      const body = text === undefined ? undefined : jsonOrText(text)
      const fault = faults.active === 0 ? undefined : faults.next({ path, body })
      const reply = respond({
        sequence,
        arrivedAt,
        method,
        path,
        query,
        headers,
        text,
        body,
      })
      const apply = () => reply.apply?.()
      const record = (status: number | undefined) =>
        log.add({ sequence, at: arrivedAt, endedAt: now(), method, path, headers, body, status })

      if (fault !== undefined) {
        answerWithFault({ fault, response, reply, apply, record })
        return
      }
      const finish = () => {
        apply()
        record(reply.status)
        sendJson(response, reply.status, reply.headers, reply.body)
      }
      if (latencyMs > 0) later(latencyMs, finish)
      else finish()
    },
  }
}
