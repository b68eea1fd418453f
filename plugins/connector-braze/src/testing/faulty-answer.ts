/** Answers a request the way a fault says. */
import type { ServerResponse } from 'node:http'
import type { ApiAnswer } from './api.ts'
import type { Fault } from './faults.ts'
import { sendJson, sendText } from './send-json.ts'

export interface FaultyExchange {
  readonly fault: Fault
  readonly response: ServerResponse
  /** What the request would get without the fault. */
  readonly answer: ApiAnswer
  /** Lets the request take effect. */
  readonly apply: () => void
  /** Records the request; undefined stands for no answer. */
  readonly record: (status: number | undefined) => void
}

export interface FaultyAnswerDeps {
  readonly later: (delayMs: number, run: () => void) => void
}

export function createFaultyAnswer({ later }: FaultyAnswerDeps) {
  let freeAt = 0

  function delayOf({ delayMs, inTurn = false }: Extract<Fault, { readonly kind: 'slow' }>): number {
    if (!inTurn) return delayMs
    const now = performance.now()
    freeAt = Math.max(freeAt, now) + delayMs
    return freeAt - now
  }

  return ({ fault, response, answer, apply, record }: FaultyExchange): void => {
    const storesByDefault = fault.kind === 'garbage' || fault.kind === 'slow'
    const applyIfStored = (fault.stores ?? storesByDefault) ? apply : () => undefined
    if (fault.kind === 'slow') {
      later(delayOf(fault), () => {
        applyIfStored()
        record(answer.outcome.status)
        sendJson(response, answer.outcome.status, answer.headers, answer.outcome.body)
      })
      return
    }
    applyIfStored()
    switch (fault.kind) {
      case 'status': {
        const { status, headers = {}, body = { message: `Simulated ${status}` } } = fault
        record(status)
        sendJson(response, status, headers, body)
        break
      }
      case 'hang':
        record(undefined)
        break
      case 'reset':
        record(undefined)
        response.socket?.resetAndDestroy()
        break
      case 'garbage':
        record(201)
        sendText(response, 201, answer.headers, '{"message":"succ')
        break
    }
  }
}
