/** What is none of the vendor's: the page, the totals and the faults, for this machine only. */
import { parseFaultOrders, type ScopeFields } from './fault-form.ts'
import type { Fault, Faults } from './faults.ts'

export interface ControlRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly host: string | undefined
  readonly text: string
}

export interface ControlAnswer {
  readonly status: number
  readonly type: 'text/html' | 'application/json'
  readonly text: string
}

export interface ControlDeps<AnyFault> {
  readonly faults: Faults<AnyFault>
  /** What more its faults choose requests by. */
  readonly faultScope?: ScopeFields
  /** Told as JSON at /_simulator/stats. */
  totals(): object
  /** HTML. */
  page(query: URLSearchParams): string
}

export function isControlPath(path: string): boolean {
  return path === '/' || path.startsWith('/_simulator/')
}

export function createControl<AnyFault extends Fault>({
  faults,
  faultScope,
  page,
  totals,
}: ControlDeps<AnyFault>) {
  return ({ method, path, query, host, text }: ControlRequest): ControlAnswer => {
    // A web page elsewhere that points its own name at 127.0.0.1 would otherwise read what was received.
    if (!isLoopback(host)) return json(403, { message: 'Only for requests from this machine.' })
    switch (`${method} ${path}`) {
      case 'GET /':
        return { status: 200, type: 'text/html', text: page(query) }
      case 'GET /_simulator/stats':
        return json(200, totals())
      case 'POST /_simulator/faults': {
        const orders = parseFaultOrders<AnyFault>(text, faultScope)
        if (typeof orders === 'string') return json(400, { message: orders })
        if (orders.clear) faults.clear()
        for (const fault of orders.add) faults.add(fault)
        return json(200, { active: faults.active })
      }
      default:
        return json(404, { message: 'Not Found' })
    }
  }
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(host)
}

function json(status: number, value: object): ControlAnswer {
  return { status, type: 'application/json', text: JSON.stringify(value) }
}
