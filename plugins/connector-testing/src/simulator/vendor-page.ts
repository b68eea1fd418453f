/** The page of a vendor that keeps nothing of its own: the latest requests, newest first. */
import { escapeHtml, framePage, table } from './page-frame.ts'
import type { LoggedRequest } from './request-log.ts'

const mostShown = 50

export function renderRequests(vendor: string, requests: number, log: readonly LoggedRequest[]): string {
  const rows = log
    .slice(-mostShown)
    .toReversed()
    .map(({ body, method, path, sequence, status }) => [
      String(sequence),
      escapeHtml(`${method} ${path}`),
      status === undefined ? 'no answer' : String(status),
      escapeHtml(typeof body === 'string' ? body : (JSON.stringify(body) ?? '')),
    ])
  return framePage({
    vendor,
    totals: { Requests: requests },
    content: rows.length === 0 ? '<p>No request yet.</p>' : table(['No.', 'Request', 'Answer', 'Body'], rows),
  })
}
