/** The digits of a decimal, from the integer that DuckDB keeps and the number of digits after the point. */

/** @param unscaled a number where a double holds it exactly */
export function decimalDigits(unscaled: number | bigint, scale: number): string {
  const text = unscaled.toString()
  if (scale === 0) return text
  const isNegative = unscaled < 0
  const digits = (isNegative ? text.slice(1) : text).padStart(scale + 1, '0')
  const point = digits.length - scale
  return `${isNegative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
}
