/** Whether the headers of a token request can be sent. */
import type { z } from '@sluice/connector-sdk'
import { isHeaderText, mayBeSet } from './header-names.ts'

export function checkTokenHeaders({
  issues,
  value,
}: z.core.ParsePayload<Readonly<Record<string, string>>>): void {
  for (const [name, text] of Object.entries(value)) {
    if (mayBeSet(name) && isHeaderText(text)) continue
    const message = 'This is no header, or one that Sluice itself makes.'
    issues.push({ code: 'custom', message, input: undefined, path: [name], continue: true })
  }
}
