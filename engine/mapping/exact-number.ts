/** Digits as doubles, where the double still is the number that the digits say. */

const numericText = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/** Whether a text is a number and nothing else, in the form of JSON: no blanks, no leading zeros or plus. */
export function isNumericText(text: string): boolean {
  return numericText.test(text)
}

/**
 * The number that digits say. Undefined when a double can't hold the digits before the point: those after it
 * are rounded, as in any arithmetic.
 */
export function numberOfDigits(digits: string): number | undefined {
  const number = Number(digits)
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number
  if (!Number.isFinite(number)) return undefined
  // An exponent is how doubles are written, so nothing more exact was meant.
  if (/[eE]/.test(digits)) return number
  const [whole = ''] = digits.split('.')
  return BigInt(whole) === BigInt(Math.trunc(number)) ? number : undefined
}
