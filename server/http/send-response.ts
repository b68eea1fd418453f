/** Sends an answer that was made as a web `Response`, whole. */
import type { FastifyReply } from 'fastify'

export async function sendResponse(reply: FastifyReply, answer: Response): Promise<FastifyReply> {
  reply.status(answer.status)
  for (const [name, value] of answer.headers) reply.header(name, value)
  return reply.send(answer.body === null ? '' : Buffer.from(await answer.arrayBuffer()))
}
