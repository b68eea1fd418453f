// The log: JSON lines on stderr that never carry a secret or a foreign error's message.
import pino from 'pino'
import type { LogLevel } from './env.ts'
import { safeForLog, safeText } from './log-safety.ts'

export type Logger = pino.Logger

export interface LoggerOptions {
  readonly level: LogLevel
  /** Default: stderr, because stdout belongs to what a command answers. */
  readonly destination?: pino.DestinationStream
}

const secretBindings = ['authorization', 'password', 'secret', 'secrets', 'token', 'apiKey', 'secretKey']

export function createLogger({ level, destination }: LoggerOptions): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // The default would put a foreign error's message back in, and `safeForLog` reaches nested errors too.
    serializers: { err: safeForLog, error: safeForLog },
    // The bindings of child loggers do not pass the formatter.
    redact: { paths: secretBindings, censor: '[redacted]' },
    formatters: {
      level: (label) => ({ level: label }),
      log: (entry) => safeForLog(entry) as Record<string, unknown>,
    },
    hooks: {
      logMethod(args, method) {
        method.apply(this, withSafeMessage(args))
      },
    },
  }
  // Synchronous, so that the last lines of a process that ends are not lost.
  return pino(options, destination ?? pino.destination({ fd: 2, sync: true }))
}

/** pino takes an error's message as the line's own where none is given; the line's is cleaned of secrets. */
function withSafeMessage(args: Parameters<pino.LogFn>): Parameters<pino.LogFn> {
  const [first, ...rest]: unknown[] = args
  const safeRest = rest.map((value) => (typeof value === 'string' ? safeText(value) : safeForLog(value)))
  if (typeof first === 'string') return [safeText(first), ...safeRest] as Parameters<pino.LogFn>
  const entry = first instanceof Error ? { err: first } : first
  const hasError = typeof entry === 'object' && entry !== null && 'err' in entry
  const message = safeRest.length === 0 && hasError ? ['failed'] : safeRest
  return [entry, ...message] as Parameters<pino.LogFn>
}
