/** The bytes of an answer, copied together as they come. */

export interface AnswerBody {
  add(piece: Uint8Array): void
  /** What came, as text; without the mark that some servers put before JSON. */
  text(): string
}

const leastBytes = 1024

/**
 * The pieces themselves are not kept: each is a view of all that its read brought, so that a vendor which sends
 * single bytes could hold thousands of times what it sends.
 */
export function createAnswerBody(): AnswerBody {
  let bytes = new Uint8Array(leastBytes)
  let length = 0
  return {
    add(piece) {
      if (length + piece.length > bytes.length) {
        const larger = new Uint8Array(Math.max(2 * bytes.length, length + piece.length))
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes.set(piece, length)
      length += piece.length
    },
    text: () => new TextDecoder().decode(bytes.subarray(0, length)),
  }
}
