/** Answers who asks for an export: by its file, or by what is wrong, as GraphQL would say it. */
import type { GraphQLError } from 'graphql'
import type { Identify } from '../access/identify.ts'
import type { Access, RequestMarks } from '../access/rules.ts'
import type { Context } from '../context.ts'
import type { ExportName } from '../exports/kinds.ts'
import { type OpenExport, openExport } from '../exports/service.ts'
import type { Logger } from '../logger.ts'
import { identifyCaller } from './gate.ts'
import { refusalResponse } from './refusal.ts'

interface Deps {
  readonly identify: Identify
  readonly log: Logger
  contextFor(access: Access): Promise<Context>
  /** What of an error may be told. */
  maskError(error: unknown): GraphQLError
}

export interface ExportQuestion {
  readonly name: ExportName
  readonly query: URLSearchParams
  readonly marks: RequestMarks
}

const statuses: Readonly<Record<string, number>> = {
  invalid_input: 400,
  forbidden: 403,
  not_found: 404,
  too_many_exports: 503,
}

export async function answerExport(
  { identify, log, contextFor, maskError }: Deps,
  { marks, name, query }: ExportQuestion,
): Promise<Response | OpenExport> {
  const identity = await identifyCaller({ identify, log }, marks)
  if (!identity.isKnown) return refusalResponse(identity.refusal)
  try {
    const opened = await openExport(await contextFor(identity.access), name, query)
    return { ...opened, pieces: logged(opened.pieces, log) }
  } catch (error) {
    const { extensions, message } = maskError(error)
    const { code, errorId, issues } = extensions
    const status = statuses[String(code)] ?? 500
    return refusalResponse({ status, code: String(code), message, details: { errorId, issues } })
  }
}

/** Who reads a file sees it broken off, not why. */
async function* logged(pieces: AsyncIterable<string>, log: Logger): AsyncGenerator<string> {
  try {
    yield* pieces
  } catch (error) {
    log.error({ err: error }, 'An export broke off')
    throw error
  }
}
