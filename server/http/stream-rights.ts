/** Ends a stream of server-sent events with its caller's rights. WebSockets are looked after as connections. */
import { type ExecutionResult, GraphQLError } from 'graphql'
import { isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Refusal } from '../access/rules.ts'
import type { Admission, WatchRights } from '../access/watch-rights.ts'

interface Deps {
  /** Undefined for what came over a WebSocket. */
  admissionOf(request: Request): Admission | undefined
  readonly watchRights: WatchRights
}

export function createStreamRights({ admissionOf, watchRights }: Deps): Plugin {
  return {
    onSubscribe({ args: { contextValue } }) {
      const admission = admissionOf(contextValue.request)
      if (admission === undefined) return undefined
      return {
        onSubscribeResult({ result, setResult }) {
          if (!isAsyncIterable(result)) return
          setResult(untilLost(result, (onLost) => watchRights(admission, onLost)))
        },
      }
    },
  }
}

/** The same results; when the rights are lost, an error that says so, and the end. */
function untilLost(
  results: AsyncIterable<ExecutionResult>,
  watch: (onLost: (refusal: Refusal) => void) => () => void,
): AsyncIterableIterator<ExecutionResult> {
  const source = results[Symbol.asyncIterator]()
  let farewell: ExecutionResult | undefined
  const stop = watch(({ code, message }) => {
    farewell = { errors: [new GraphQLError(message, { extensions: { code } })] }
    void source.return?.()
  })
  const stream: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      const result = await source.next()
      if (result.done !== true) return result
      stop()
      const value = farewell
      farewell = undefined
      return value === undefined ? { done: true, value: undefined } : { done: false, value }
    },
    async return() {
      stop()
      await source.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}
