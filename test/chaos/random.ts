/** Chance that can be repeated: everything that a chaos run does by chance is drawn from its seed. */

export interface Random {
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<Value>(from: readonly [Value, ...Value[]]): Value
  shuffled<Value>(values: Iterable<Value>): Value[]
}

export function createRandom(seed: number): Random {
  // mulberry32: small, fast, and the same on every machine.
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    between,
    chance: (probability) => next() < probability,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
    shuffled(values) {
      return [...values]
        .map((value) => ({ value, order: next() }))
        .sort((a, b) => a.order - b.order)
        .map(({ value }) => value)
    },
  }
}
