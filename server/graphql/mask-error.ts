/** What of an error reaches the client: expected ones as they are, all others as an id that the log knows. */
import { randomUUID } from 'node:crypto'
import { GraphQLError, type GraphQLErrorOptions } from 'graphql'
import type { Logger } from '../logger.ts'
import { DomainError, InvalidInput, internalError } from '../problems/rules.ts'

/** Yoga calls it for every error of every answer, perhaps more than once. */
export function createErrorMask({ log }: { readonly log: Logger }): (error: unknown) => GraphQLError {
  const masked = new WeakMap<object, GraphQLError>()
  return (error) => {
    const cause = causeOf(error)
    if (cause === undefined) return withCode(error)
    if (cause instanceof DomainError) return exposed(cause, error)
    const known = masked.get(cause)
    if (known !== undefined) return known
    const errorId = randomUUID()
    const path = error instanceof GraphQLError ? error.path : undefined
    log.error({ err: cause, errorId, path }, 'A request failed unexpectedly')
    const replacement = hidden(errorId, error)
    masked.set(cause, replacement).set(replacement, replacement)
    return replacement
  }
}

/** GraphQL's own: syntax, validation, variables, limits, cursors. They speak of the document only. */
function withCode(error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) return new GraphQLError('Unexpected error.')
  if (error.extensions['code'] !== undefined) return error
  const extensions = { ...error.extensions, code: 'bad_request' }
  return new GraphQLError(withoutValue(error.message), { ...placeOf(error), extensions })
}

/** A variable that does not fit is told by its place: its value may be a secret, and answers end up in logs. */
function withoutValue(message: string): string {
  const [head] = /^Variable "\$[^"]+" got invalid value/.exec(message) ?? []
  const end = message.lastIndexOf('; ')
  if (head === undefined || end < 0) return message
  const [place = ''] = / at "[^"]*"$/.exec(message.slice(Math.max(0, end - longestPlace), end)) ?? []
  return head + place + message.slice(end)
}

const longestPlace = 500

/** What was thrown, below GraphQL's wrapping; undefined when GraphQL itself raised the error. */
function causeOf(error: unknown): object | undefined {
  if (!(error instanceof GraphQLError)) {
    return typeof error === 'object' && error !== null
      ? error
      : new Error('Something other than an error was thrown')
  }
  return error.originalError === undefined ? undefined : causeOf(error.originalError)
}

function exposed(cause: DomainError, error: unknown): GraphQLError {
  const issues = cause instanceof InvalidInput ? { issues: cause.issues } : {}
  return new GraphQLError(cause.message, { ...placeOf(error), extensions: { code: cause.code, ...issues } })
}

function hidden(errorId: string, error: unknown): GraphQLError {
  return new GraphQLError(
    `Something went wrong on the server. Its log has the details under the id ${errorId}.`,
    // Yoga answers 500 for what is unexpected, and keeps the mark to itself.
    { ...placeOf(error), extensions: { code: internalError, errorId, unexpected: true } },
  )
}

function placeOf(error: unknown): Pick<GraphQLErrorOptions, 'nodes' | 'source' | 'positions' | 'path'> {
  if (!(error instanceof GraphQLError)) return {}
  const { nodes = null, source = null, positions = null, path = null } = error
  return { nodes, source, positions, path }
}
