/** Faults on script: what goes wrong, for which requests, and how often. */

export interface FaultScope {
  /** For how many requests. Default 1; Infinity for ever (null in JSON). */
  readonly times?: number
  /** Only requests to this path. */
  readonly path?: string
  /** Only this share of the requests, 0 to 1, drawn with the simulator's seed. */
  readonly rate?: number
  /** Only requests for which it says true; not over HTTP. */
  readonly matches?: (request: FaultyRequest) => boolean
  /** Whether the request takes effect all the same. Default: yes for `garbage`, `drip` and `slow`, else no. */
  readonly stores?: boolean
}

export type FaultAnswer =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      /** Default: a message of the status. */
      readonly body?: unknown
    }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Cuts the connection, after storing when `stores` is true. */
  | { readonly kind: 'reset' }
  /** A success whose body is no JSON. */
  | { readonly kind: 'garbage' }
  /** Takes effect and sends its answer byte by byte, each so long after the one before. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** Takes effect and answers after the delay; `inTurn` so long after the one before, however many come at once. */
  | { readonly kind: 'slow'; readonly delayMs: number; readonly inTurn?: boolean }

export type Fault = FaultScope & FaultAnswer

export interface FaultyRequest {
  readonly path: string
  /** Parsed, or the text where it is no JSON. */
  readonly body: unknown
}

export interface Faults<AnyFault = Fault> {
  /** How many are waiting for requests. */
  readonly active: number
  /** The first fault added that fits a request is used; the function returned takes this one back. */
  add(fault: AnyFault): () => void
  clear(): void
}

export interface FaultScript<AnyFault = Fault> extends Faults<AnyFault> {
  next(request: FaultyRequest): AnyFault | undefined
}

/** `alsoFits` is asked where a vendor's faults have more to choose requests by. */
export function createFaults<AnyFault extends Fault>(
  seed: number,
  alsoFits: (fault: AnyFault, request: FaultyRequest) => boolean = () => true,
): FaultScript<AnyFault> {
  const waiting: { readonly fault: AnyFault; left: number }[] = []
  const random = createRandom(seed)

  return {
    get active() {
      return waiting.length
    },
    add(fault) {
      const entry = { fault, left: fault.times ?? 1 }
      waiting.push(entry)
      return () => {
        const index = waiting.indexOf(entry)
        if (index >= 0) waiting.splice(index, 1)
      }
    },
    clear() {
      waiting.length = 0
    },
    next(request) {
      const index = waiting.findIndex(({ fault }) => fits(fault, request) && drawn(fault, random))
      const entry = waiting[index]
      if (entry === undefined) return undefined
      entry.left -= 1
      if (entry.left <= 0) waiting.splice(index, 1)
      return entry.fault
    },
  }

  function fits(fault: AnyFault, request: FaultyRequest): boolean {
    if (fault.path !== undefined && fault.path !== request.path) return false
    if (!alsoFits(fault, request)) return false
    return fault.matches === undefined || fault.matches(request)
  }
}

/** Drawn only where all else fits. */
function drawn({ rate }: Fault, random: () => number): boolean {
  return rate === undefined || random() < rate
}

// mulberry32: small, fast, and the same on every machine.
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
