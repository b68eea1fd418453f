/** A fixed window on the clock that lets a number of requests through, and the headers that tell of it. */

/**
 * How an answer tells of the window: `x-ratelimit-*` with its end in epoch seconds or with the seconds left, seconds left
 * in `x-ratelimit-retry-after` alone on a 429, or in the standard `retry-after` on a 429.
 */
export type RateHeaders = 'epoch' | 'seconds' | 'retryAfter' | 'standard'

export interface RateWindow {
  take(now: number): { readonly isAllowed: boolean; readonly headers: Readonly<Record<string, string>> }
}

export interface RateWindowOptions {
  readonly requests: number
  readonly perMs: number
  readonly headers: RateHeaders
}

const unlimited = { isAllowed: true, headers: {} }

export function createRateWindow({ requests, perMs, headers: form }: RateWindowOptions): RateWindow {
  if (requests === Number.POSITIVE_INFINITY) return { take: () => unlimited }
  let current = -1
  let used = 0
  return {
    take(now) {
      const window = Math.floor(now / perMs)
      if (window !== current) {
        current = window
        used = 0
      }
      used += 1
      const isAllowed = used <= requests
      const end = (window + 1) * perMs
      const secondsLeft = String(Math.ceil((end - now) / 1000))
      if (form === 'standard') return { isAllowed, headers: isAllowed ? {} : { 'retry-after': secondsLeft } }
      if (!isAllowed && form === 'retryAfter') {
        return { isAllowed, headers: { 'x-ratelimit-retry-after': secondsLeft } }
      }
      return {
        isAllowed,
        headers: {
          'x-ratelimit-limit': String(requests),
          'x-ratelimit-remaining': String(Math.max(0, requests - used)),
          'x-ratelimit-reset': form === 'epoch' ? String(Math.ceil(end / 1000)) : secondsLeft,
        },
      }
    },
  }
}
