/** Comparing texts without regard to case: Unicode's simple case folding, the same as in regular expressions. */

type TextTest = (text: string) => boolean

const syntax = /[\\^$.*+?()[\]{}|/]/g

/**
 * Characters count as the same when their simple case foldings do: one character for one, in every language alike.
 * So `K` is the Kelvin sign, `ς` is `Σ`, but `ß` is not `ss`, nor `İ` or `ı` an `i`. JavaScript's own lower case would
 * depend on neighbours and change lengths. A literal pattern needs no way back, so that it takes linear time.
 */
export function ignoringCase(
  kind: 'equals' | 'contains' | 'startsWith' | 'endsWith',
  wanted: string,
): TextTest {
  const literal = wanted.replace(syntax, '\\$&')
  const start = kind === 'equals' || kind === 'startsWith' ? '^' : ''
  const end = kind === 'equals' || kind === 'endsWith' ? '$' : ''
  const pattern = new RegExp(`${start}${literal}${end}`, 'iu')
  return (text) => pattern.test(text)
}
