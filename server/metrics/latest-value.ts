/** A stream for one slow reader: what it has not read yet is replaced by what is newer. */

export interface LatestValue<Value> extends AsyncIterableIterator<Value> {
  push(value: Value): void
  /** Lets the reader read what is left, then end. */
  end(): void
  return(): Promise<IteratorResult<Value>>
}

/** `onLeave` is called once, when the reader stops or the stream ends. */
export function createLatestValue<Value>(onLeave: () => void): LatestValue<Value> {
  let unread: { readonly value: Value } | undefined
  let waiting: ((result: IteratorResult<Value>) => void) | undefined
  let isEnded = false

  const finished: IteratorResult<Value> = { done: true, value: undefined }

  function leave(): void {
    if (isEnded) return
    isEnded = true
    waiting?.(finished)
    waiting = undefined
    onLeave()
  }

  const stream: LatestValue<Value> = {
    push(value) {
      if (isEnded) return
      if (waiting === undefined) unread = { value }
      else {
        waiting({ done: false, value })
        waiting = undefined
      }
    },
    end: leave,
    next() {
      if (unread !== undefined) {
        const { value } = unread
        unread = undefined
        return Promise.resolve({ done: false, value })
      }
      if (isEnded) return Promise.resolve(finished)
      return new Promise((resolve) => {
        waiting = resolve
      })
    },
    return() {
      unread = undefined
      leave()
      return Promise.resolve(finished)
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}
