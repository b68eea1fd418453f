/** Numbers that look random and follow from a seed. */

export interface Random {
  /** A whole number from 0 up to, not including, the bound. */
  below(bound: number): number
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<Value>(values: readonly [Value, ...Value[]]): Value
}

export function createRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1)

  /** The generator known as mulberry32. */
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  const below = (bound: number) => Math.floor(next() * bound)
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (probability) => next() < probability,
    pick: (values) => values[below(values.length)] ?? values[0],
  }
}
