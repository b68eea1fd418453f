/** The name that someone probably meant, for suggestions in error texts. */

/** The candidate closest to a name, or undefined when none is close. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase()
  const allowed = Math.max(1, Math.floor(wanted.length / 3))
  let nearest: string | undefined
  let least = allowed + 1
  for (const candidate of candidates) {
    const edits = distance(wanted, candidate.toLowerCase(), least)
    if (edits < least) {
      least = edits
      nearest = candidate
    }
  }
  return nearest
}

/** A sentence that names the nearest candidate, or lists what there is. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates)
  if (nearest !== undefined) return `Did you mean "${nearest}"?`
  if (candidates.length === 0) return 'There are none to choose from.'
  const shown = candidates.slice(0, 10).map((candidate) => `"${candidate}"`)
  return `Use one of ${shown.join(', ')}${candidates.length > shown.length ? ', …' : ''}.`
}

/** Edits between two texts where swapped neighbours count as one edit; gives up at `limit`. */
function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) >= limit) return limit
  const a = [...left]
  const b = [...right]
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of a.entries()) {
    const row = [i + 1]
    for (const [j, other] of b.entries()) {
      const replaced = (last[j] ?? 0) + (letter === other ? 0 : 1)
      const edits = Math.min(replaced, (last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1)
      const isSwap = i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === other
      row.push(isSwap ? Math.min(edits, (beforeLast[j - 1] ?? 0) + 1) : edits)
    }
    beforeLast = last
    last = row
  }
  return Math.min(last[b.length] ?? limit, limit)
}
