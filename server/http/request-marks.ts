/** The headers that tell who asks, of a request as Node has it: of a WebSocket, or of a file. */
import type { IncomingMessage } from 'node:http'
import type { RequestMarks } from '../access/rules.ts'

/** `authorization`: where it may come otherwise than in its header. */
export function marksOfMessage({ headers }: IncomingMessage, authorization?: unknown): RequestMarks {
  return {
    method: 'GET',
    host: headers.host ?? null,
    origin: headers.origin ?? null,
    secFetchSite: textOf(headers['sec-fetch-site']),
    cookie: headers.cookie ?? null,
    authorization: typeof authorization === 'string' ? authorization : (headers.authorization ?? null),
  }
}

function textOf(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header : null
}
