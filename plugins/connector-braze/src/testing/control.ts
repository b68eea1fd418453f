/** What is not Braze's: the page, the totals and the faults, for this machine only. */
import { parseFaultOrders } from './fault-form.ts'
import type { Faults } from './faults.ts'
import { renderPage, type Totals } from './page.ts'
import type { ProfileStore } from './profile-store.ts'

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

export interface ControlDeps {
  readonly store: ProfileStore
  readonly faults: Faults
  readonly totals: () => Totals
}

export function isControlPath(path: string): boolean {
  return path === '/' || path.startsWith('/_simulator/')
}

export function createControl({ store, faults, totals }: ControlDeps) {
  return ({ method, path, query, host, text }: ControlRequest): ControlAnswer => {
    // A web page elsewhere that points its own name at 127.0.0.1 would otherwise read the profiles.
    if (!isLoopback(host)) return json(403, { message: 'Only for requests from this machine.' })
    switch (`${method} ${path}`) {
      case 'GET /':
        return {
          status: 200,
          type: 'text/html',
          text: renderPage(store, totals(), Number(query.get('page') ?? 1)),
        }
      case 'GET /_simulator/stats':
        return json(200, totals())
      case 'POST /_simulator/faults': {
        const orders = parseFaultOrders(text)
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
