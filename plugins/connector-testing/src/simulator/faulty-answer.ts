/** Answers a request the way a fault says. */
import type { ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import type { Reply } from './reply.ts'
import { sendJson, sendText } from './send-json.ts'

export interface FaultyExchange {
  readonly fault: Fault
  readonly response: ServerResponse
  /** What the request would get without the fault. */
  readonly reply: Reply
  /** Lets the request take effect. */
  readonly apply: () => void
  /** Records the request; undefined stands for no answer. */
  readonly record: (status: number | undefined) => void
}

export interface FaultyAnswerDeps {
  readonly later: (delayMs: number, run: () => void) => void
}

/** The answer's own success; what would be refused is garbled under the commonest. */
function taken({ status }: Reply): number {
  return status < 300 ? status : 201
}

export function createFaultyAnswer({ later }: FaultyAnswerDeps) {
  let freeAt = 0

  function drip(response: ServerResponse, { body, headers, status }: Reply, everyMs: number): void {
    const bytes = Buffer.from(JSON.stringify(body))
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': bytes.length,
      ...headers,
    })
    const send = (index: number) => {
      if (response.destroyed) return
      if (index === bytes.length) return void response.end()
      response.write(bytes.subarray(index, index + 1))
      later(everyMs, () => send(index + 1))
    }
    send(0)
  }

  function delayOf({ delayMs, inTurn = false }: Extract<Fault, { readonly kind: 'slow' }>): number {
    if (!inTurn) return delayMs
    const now = performance.now()
    freeAt = Math.max(freeAt, now) + delayMs
    return freeAt - now
  }

  return ({ fault, response, reply, apply, record }: FaultyExchange): void => {
    const storesByDefault = fault.kind === 'garbage' || fault.kind === 'slow' || fault.kind === 'drip'
    const applyIfStored = (fault.stores ?? storesByDefault) ? apply : () => undefined
    if (fault.kind === 'slow') {
      later(delayOf(fault), () => {
        applyIfStored()
        record(reply.status)
        sendJson(response, reply.status, reply.headers, reply.body)
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
        record(taken(reply))
        sendText(response, taken(reply), reply.headers, '{"message":"succ')
        break
      case 'drip':
        record(reply.status)
        drip(response, reply, fault.everyMs)
        break
    }
  }
}
