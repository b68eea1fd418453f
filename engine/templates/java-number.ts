/** Numbers as Java writes a Double, which is how the reference renders them. */

/** `12` is `12.0`; below a thousandth and from ten million on there is an exponent. */
export function javaDouble(number: number): string {
  const size = Math.abs(number)
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(number) ? `${number}.0` : String(number)
  if (number === 0) return Object.is(number, -0) ? '-0.0' : '0.0'
  if (!Number.isFinite(number)) return String(number)
  const [mantissa = '', exponent = ''] = number.toExponential().split('e')
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`
}
