/** The gate before GraphQL over HTTP: who asks, in which form, or GraphiQL's page. */
import type { Plugin } from 'graphql-yoga'
import { type BrowserSession, foreignHost } from '../access/browser-session.ts'
import type { Identify, Identity } from '../access/identify.ts'
import type { RequestMarks } from '../access/rules.ts'
import type { Admission } from '../access/watch-rights.ts'
import type { Logger } from '../logger.ts'
import { graphiqlPage, isPageRequest } from './graphiql-page.ts'
import { type RefusalOptions, refusalResponse } from './refusal.ts'

interface Deps {
  readonly identify: Identify
  readonly session: BrowserSession | undefined
  readonly log: Logger
  /** Told who was let in, and to what. */
  admit(request: Request, admission: Admission): void
}

export function createGate(deps: Deps): Plugin {
  return {
    async onRequest({ request, endResponse }) {
      const answer = await answerAtGate(deps, request)
      if (answer !== undefined) endResponse(answer)
    },
  }
}

/** An answer ends the request here; undefined lets it in. */
async function answerAtGate(
  { identify, session, log, admit }: Deps,
  request: Request,
): Promise<Response | undefined> {
  const marks = marksOf(request)
  if (session !== undefined && isPageRequest(request)) {
    if (marks.host === null || !session.isOwnHost(marks.host)) return refusalResponse(foreignHost)
    return graphiqlPage(session, marks.host)
  }
  const identity = await identifyCaller({ identify, log }, marks)
  if (!identity.isKnown) return refusalResponse(identity.refusal)
  // Forms and plain texts can be sent by any page without asking; JSON can not.
  if (request.method === 'POST' && !isJson(request)) return refusalResponse(notJson)
  admit(request, { marks, access: identity.access })
  return undefined
}

/** Who asks; also while the database is away there is an answer. */
export async function identifyCaller(
  { identify, log }: Pick<Deps, 'identify' | 'log'>,
  marks: RequestMarks,
): Promise<Identity | { readonly isKnown: false; readonly refusal: RefusalOptions }> {
  try {
    return await identify(marks)
  } catch (error) {
    log.error({ err: error }, 'A caller could not be identified')
    return { isKnown: false, refusal: unavailable }
  }
}

const notJson = {
  status: 415,
  code: 'not_json',
  message: 'Send the query as JSON with the header "Content-Type: application/json".',
}

const unavailable = {
  status: 503,
  code: 'unavailable',
  message: 'The database does not answer, so the token cannot be checked. Try again in a while.',
}

function isJson({ headers }: Request): boolean {
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  return type.trim().toLowerCase() === 'application/json'
}

function marksOf({ method, headers }: Request): RequestMarks {
  return {
    method,
    host: headers.get('host'),
    origin: headers.get('origin'),
    secFetchSite: headers.get('sec-fetch-site'),
    cookie: headers.get('cookie'),
    authorization: headers.get('authorization'),
  }
}
