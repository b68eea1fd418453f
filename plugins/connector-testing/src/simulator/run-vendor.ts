/** A simulated vendor in a process of its own: prints its address as one JSON line, stops on SIGTERM or SIGINT. */

export interface RunVendorOptions {
  /** The port that it was told to listen on. */
  readonly port: number
  /** Whether it stops when standard input closes. */
  readonly isSupervised: boolean
  /** Ends the process with a message. */
  fail(message: string): never
}

export async function runVendor(
  starting: Promise<{ readonly url: string; close(): Promise<void> }>,
  { fail, isSupervised, port }: RunVendorOptions,
): Promise<void> {
  const vendor = await starting.catch((error: NodeJS.ErrnoException) =>
    fail(
      error.code === 'EADDRINUSE'
        ? `Port ${port} is taken. Give another one, or none for a free one.`
        : error.message,
    ),
  )
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void vendor.close())
  }
  // Its parent holds the other end: the vendor ends with it, however that went.
  if (isSupervised) process.stdin.once('close', () => void vendor.close()).resume()
  process.stdout.write(`${JSON.stringify({ url: vendor.url })}\n`)
}
