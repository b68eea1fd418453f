/** UUIDs that are the same whenever the same thing is asked for in a delivery, and from which nothing else can be told. */
import type { TemplateDeps } from '../templates/template.ts'

/** Version 8 of RFC 9562: bits of its maker's choice, here of a keyed hash. */
export function stableUuid({ digest }: TemplateDeps, deliveryId: string, text: string): string {
  const hex = digest({ algorithm: 'sha256', text, encoding: 'hex', key: deliveryId })
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
