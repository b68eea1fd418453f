/** The paths of exports on the port: files that are streamed as fast as they are taken. */
import { finished, Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { App } from '../app.ts'
import { type ExportName, exportKinds } from '../exports/kinds.ts'
import { marksOfMessage } from './request-marks.ts'
import { sendResponse } from './send-response.ts'

const names = Object.keys(exportKinds) as ExportName[]

/** Files about people's work are nobody else's to keep or to run. */
const headers = {
  'content-type': 'text/csv; charset=utf-8; header=present',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

export function exportRoutes(app: Pick<App, 'answerExport'>) {
  return async (fastify: FastifyInstance): Promise<void> => {
    for (const name of names) {
      fastify.route({
        method: 'GET',
        url: `/exports/${name}.csv`,
        exposeHeadRoute: false,
        handler: async (request, reply) => {
          const { searchParams: query } = new URL(request.url, 'http://localhost')
          const answer = await app.answerExport({ name, query, marks: marksOfMessage(request.raw) })
          if (answer instanceof Response) return sendResponse(reply, answer)
          // Also where the client has gone before anything was sent.
          finished(reply.raw, () => void answer.close())
          return reply
            .headers({ ...headers, 'content-disposition': `attachment; filename="${answer.fileName}"` })
            .send(Readable.from(answer.pieces))
        },
      })
    }
  }
}
