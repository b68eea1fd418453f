/** JSON that a template has rendered, as the value that it is; what would lose its meaning is refused. */

import type { Refusal } from './convert.ts'
import { isNumericText, numberOfDigits } from './exact-number.ts'

/** A value that is there; a null in JSON is none. */
export type JsonReading = { readonly value: unknown } | Refusal | null

export function readJson(text: string): JsonReading {
  if (!text.isWellFormed() || hasBrokenEscape(text)) return { refused: 'broken_text' }
  if (hasLargeNumber(text)) return { refused: 'number_too_large' }
  try {
    const value: unknown = JSON.parse(text)
    return value === null ? null : { value }
  } catch {
    // The template's own format is checked while it renders; this is for one that never was.
    return { refused: 'not_json' }
  }
}

const surrogateEscape = /\\u[dD][89a-fA-F][0-9a-fA-F]{2}/

/** Half a surrogate pair, written as an escape. Only a text with such an escape is read twice. */
function hasBrokenEscape(text: string): boolean {
  if (!surrogateEscape.test(text)) return false
  const plain = text.replaceAll(/\\u([0-9a-fA-F]{4})|\\./g, (_, unit: string | undefined) =>
    unit === undefined ? '' : String.fromCharCode(Number.parseInt(unit, 16)),
  )
  return !plain.isWellFormed()
}

const manyDigits = /[\d.]{16}/
/** Texts, which are passed over, and numbers. */
const pieces = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g

/** A number whose digits no double holds. */
function hasLargeNumber(text: string): boolean {
  if (!manyDigits.test(text)) return false
  return [...text.matchAll(pieces)].some(
    ([piece]) => isNumericText(piece) && numberOfDigits(piece) === undefined,
  )
}
