/** Cancels what a connection runs at the server, through another connection: it goes through TLS and poolers as the first did. */
import { type Backend, serverStart } from './begin-transaction.ts'
import type { Link } from './link.ts'

export async function cancelBackend(
  open: () => Promise<Link>,
  { pid, serverStart: start }: Backend,
): Promise<void> {
  const other = await open()
  try {
    // On another server of the same name, the number is that of a stranger.
    const sql = `SELECT pg_catalog.pg_cancel_backend(CAST($1 AS integer)) WHERE ${serverStart} = CAST($2 AS text)`
    await other.client.query(sql, [pid, start])
  } finally {
    await other.close()
  }
}
