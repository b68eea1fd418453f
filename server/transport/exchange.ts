/** One request over a dispatcher, with what `request()` hides: whether writing it had begun when it failed. */
import type { Dispatcher } from 'undici'
import { createAnswerBody } from './answer-body.ts'

export type Exchange =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Readonly<Record<string, string | string[] | undefined>>
      readonly text: string
    }
  /** `hasStarted` is false only where certainly no byte of the request was written. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly hasStarted: boolean }

/** Its time is over: ours, not undici's, whose own limits a dripping body never reaches. */
class TimeUpError extends Error {
  override readonly name = 'TimeUpError'
  readonly code = 'timed_out'
}

/** Never rejects. A request that waits for a connection when its time is up is never written. */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  timeoutMs: number,
): Promise<Exchange> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined
    let isOver = false
    let status = 0
    let headers: Readonly<Record<string, string | string[] | undefined>> = {}
    const body = createAnswerBody()

    const end = (result: Exchange) => {
      isOver = true
      clearTimeout(timer)
      resolve(result)
    }
    const fail = (error: unknown) => end({ kind: 'failed', error, hasStarted: controller !== undefined })
    const timer = setTimeout(() => {
      const error = new TimeUpError()
      fail(error)
      controller?.abort(error)
    }, timeoutMs)

    try {
      dispatcher.dispatch(options, {
        onRequestStart(started) {
          if (isOver) started.abort(new TimeUpError())
          else controller = started
        },
        onResponseStart(_, statusCode, responseHeaders) {
          status = statusCode
          headers = responseHeaders
        },
        onResponseData: (_, chunk) => body.add(chunk),
        onResponseEnd: () => end({ kind: 'answer', status, headers, text: body.text() }),
        onResponseError: (_, error) => fail(error),
      })
    } catch (error) {
      fail(error)
    }
  })
}
