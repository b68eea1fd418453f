/** The page of a webhook receiver: the latest requests, newest first, with masks for what looks like a secret. */
import { escapeHtml, framePage, table } from './page-frame.ts'
import type { ReceivedWebhook } from './received-webhook.ts'

const mostShown = 50
const mostCharacters = 4_000
const mask = '********'
/** Headers, cookies and parameters that carry secrets, by their names. */
const secretive = /auth|cookie|key|password|secret|signature|token/i

export function renderWebhooks(
  name: string,
  totals: { readonly requests: number; readonly records: number },
  received: readonly ReceivedWebhook[],
): string {
  const rows = received
    .slice(-mostShown)
    .toReversed()
    .map((request) => [
      String(request.sequence),
      new Date(request.at).toISOString().slice(11, 23),
      escapeHtml(`${request.method} ${request.path}`) + pairs([...request.query]),
      pairs(Object.entries(request.headers).map(([header, value]) => [header, String(value)])),
      escapeHtml(shortened(request.text ?? 'too long')),
      String(request.status),
    ])
  return framePage({
    vendor: name,
    totals: { Requests: totals.requests, Records: totals.records },
    content:
      rows.length === 0
        ? '<p>No request yet.</p>'
        : table(['No.', 'Time (UTC)', 'Request', 'Headers', 'Body', 'Answer'], rows),
  })
}

function pairs(entries: readonly (readonly [string, string])[]): string {
  return entries
    .map(([name, value]) => {
      const shown = secretive.test(name) ? mask : shortened(value)
      return ` <span class="pair"><b>${escapeHtml(name)}</b> ${escapeHtml(shown)}</span>`
    })
    .join('')
}

function shortened(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)} …` : text
}
