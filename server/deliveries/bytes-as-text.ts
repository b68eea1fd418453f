/** The text in which bytes go to the database in JSON, and in which the engine compares hashes: base64. */
export function bytesAsText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
