/** Search as you type over short lists: the beginnings of words are enough, in any order, and a slip in each is forgiven. */
import uFuzzy from '@leeoniya/ufuzzy'

/** Words of any script: in a plain text (below) they are what stands between spaces. */
const words = { interSplit: ' +', intraChars: '[^ ]' } as const
const asTyped = new uFuzzy({ ...words, intraMode: 0, intraIns: 0 })
const forgiving = new uFuzzy({ ...words, intraMode: 1, intraSlice: [0, Number.POSITIVE_INFINITY] })

/**
 * What a query finds, the best first: all that has its words as they were typed, else what has them but for a slip.
 * Of an item's texts the first ones tell the most: what is found by them goes before what is found by later ones.
 */
export function search<Item>(
  items: readonly Item[],
  query: string,
  textsOf: (item: Item) => readonly string[],
): readonly Item[] {
  const wanted = plain(query)
  if (wanted === '') return items
  const texts = items.map((item) => textsOf(item).map(plain))
  const depth = Math.max(0, ...texts.map(({ length }) => length))
  // Words may stand in several texts: each level has those before it too.
  const levels = Array.from({ length: depth }, (_, level) =>
    texts.map((each) => each.slice(0, level + 1).join(' ')),
  )
  const found = (matcher: uFuzzy) => new Set(levels.flatMap((level) => inOrder(matcher, level, wanted)))
  const exact = found(asTyped)
  return [...(exact.size > 0 ? exact : found(forgiving))].flatMap((index) => items.slice(index, index + 1))
}

/** Beyond so many matches a list is not sorted by how well they fit. */
const mostSorted = 1_000
/** Of so many words every order is tried. */
const mostReordered = 4

function inOrder(matcher: uFuzzy, texts: readonly string[], wanted: string): readonly number[] {
  const [indexes, info, order] = matcher.search([...texts], wanted, mostReordered, mostSorted)
  if (indexes === null) return []
  return info === null || order === null
    ? indexes
    : order.flatMap((place) => info.idx.slice(place, place + 1))
}

/** Without accents and capitals. Signs between words mean nothing here, not even those that the matcher has a meaning for. */
function plain(text: string): string {
  return uFuzzy
    .latinize(text)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
