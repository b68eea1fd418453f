/** Reads a request's body to its end, keeping no more than Braze would. */
import type { IncomingMessage } from 'node:http'

/** The text, or undefined when it was too long. Not called when the client went away before the end. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  done: (text: string | undefined) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    // What is too much is read on and dropped: an answer in the middle of a body looks like a broken connection.
    if (bytes <= maxBytes) chunks.push(chunk)
    else chunks.length = 0
  })
  request.on('end', () => {
    if (bytes > maxBytes) return done(undefined)
    const [only] = chunks
    done((chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).toString('utf8'))
  })
}
