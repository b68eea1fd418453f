/** One request to the API from its text to its answer: checked, faulted, stored, recorded. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createApi } from './api.ts'
import type { ApplicationLog } from './application-log.ts'
import type { FaultScript } from './faults.ts'
import { createFaultyAnswer } from './faulty-answer.ts'
import type { BrazeSimulatorOptions } from './options.ts'
import type { Taken } from './outcome.ts'
import type { ProfileStore } from './profile-store.ts'
import type { RequestLog } from './request-log.ts'
import { sendJson } from './send-json.ts'
import type { Workspace } from './workspace.ts'

export interface ExchangeDeps {
  readonly store: ProfileStore
  readonly workspace: Workspace
  readonly faults: FaultScript
  readonly log: RequestLog
  readonly applications: ApplicationLog
  readonly options: Required<BrazeSimulatorOptions>
  readonly later: (delayMs: number, run: () => void) => void
}

export interface Exchanges {
  readonly requests: number
  readonly objects: number
  /** `text` is undefined when the body was too long. */
  answer(request: IncomingMessage, response: ServerResponse, path: string, text: string | undefined): void
}

export function createExchanges({
  store,
  workspace,
  faults,
  log,
  applications,
  options,
  later,
}: ExchangeDeps): Exchanges {
  const api = createApi({ store, workspace, options })
  const answerWithFault = createFaultyAnswer({ later })
  let requests = 0
  let objects = 0

  return {
    get requests() {
      return requests
    },
    get objects() {
      return objects
    },
    answer({ method = '', headers, url = '' }, response, path, text) {
      requests += 1
      const sequence = requests
      const arrivedAt = options.now()
      const body = text === undefined ? undefined : parsed(text)
      const fault = faults.active === 0 ? undefined : faults.next({ path, body })
      const query = new URLSearchParams(url.split('?')[1] ?? '')
      const answer = api({ method, path, query, headers, body })
      const { outcome } = answer

      const apply = () => {
        const { store: takeEffect, taken = nothing } = outcome
        if (takeEffect === undefined) return
        objects += outcome.objects
        const applyNow = () => {
          takeEffect()
          applications.add({ sequence, path, arrivedAt, appliedAt: options.now(), ...taken })
        }
        if (options.applyDelayMs > 0) later(options.applyDelayMs, applyNow)
        else applyNow()
      }
      const record = (status: number | undefined) =>
        log.add({ sequence, at: arrivedAt, endedAt: options.now(), method, path, headers, body, status })

      if (fault !== undefined) {
        answerWithFault({ fault, response, answer, apply, record })
        return
      }
      apply()
      record(outcome.status)
      sendJson(response, outcome.status, answer.headers, outcome.body)
    },
  }
}

const nothing: Taken = { attributes: [], events: [], purchases: [] }

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
