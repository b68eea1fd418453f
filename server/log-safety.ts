// What of a value may stand in a log: no secrets, and of foreign errors no message, for it may carry a value.

const secretName = /authorization|cookie|password|secret|token|credential|api[-_]?key|wrapped[-_]?key/i
/** Codes of our own errors are lower-case words; those of Node, PostgreSQL and Prisma never are. */
const ownCode = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/
const publicCode = /^[\w.-]{1,64}$/
const frame = /^ {4}at .*(:\d+:\d+\)?|\(<anonymous>\)|\(native\))$/
const deepest = 6

/** A copy for the log, with errors described and secrets taken out. */
export function safeForLog(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return safeText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth >= deepest) return '[deep]'
  if (value instanceof Error) return describeError(value, depth)
  if (value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map((entry) => safeForLog(entry, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      secretName.test(name) && entry !== undefined && entry !== null
        ? '[redacted]'
        : safeForLog(entry, depth + 1),
    ]),
  )
}

/** A text without the credentials of the addresses in it. */
export function safeText(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1[redacted]@')
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error ? error.code : undefined
  const isOwn = typeof code === 'string' && ownCode.test(code)
  const isPublic = typeof code === 'number' || (typeof code === 'string' && publicCode.test(code))
  return {
    name: error.name,
    ...(isPublic && { code }),
    ...(isOwn && { message: safeText(error.message) }),
    stack: framesOf(error),
    ...(error instanceof AggregateError && { errors: safeForLog(error.errors, depth + 1) }),
    ...(error.cause !== undefined && {
      // A cause that is no error could be anything.
      cause: error.cause instanceof Error ? safeForLog(error.cause, depth + 1) : '[redacted]',
    }),
  }
}

/** The frames at the end of a stack; what stands before them is the message. */
function framesOf(error: Error): string[] {
  const stack = error.stack ?? ''
  const head = `${error.name}: ${error.message}`
  const lines = (stack.startsWith(head) ? stack.slice(head.length) : stack).split('\n')
  const firstFrame = lines.findLastIndex((line) => !frame.test(line)) + 1
  return lines.slice(firstFrame).map((line) => line.trim())
}
