/** Answers every request like Braze, at once, in a process of its own. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'

const answer = '{"message":"success","events_processed":1}'
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => response.writeHead(201, { 'content-type': 'application/json' }).end(answer))
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
