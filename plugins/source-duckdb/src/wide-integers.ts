/** 64-bit integers from memory as numbers where a double holds them: a bigint for each costs ten times as much. */
import type { VectorBytes } from './vector-bytes.ts'

export const wideWidth = 8
const wordValues = 2 ** 32
/** Below this a double holds the upper word and all of the lower one. */
const exactUpper = 2 ** 21

export interface WideIntegers {
  /** The value as a number; undefined at or beyond 2^53, where it may have no double. */
  numberAt(row: number): number | undefined
  bigintAt(row: number): bigint
}

export function wideIntegers({ data, length }: VectorBytes, isSigned: boolean): WideIntegers {
  const lower = new Uint32Array(data.buffer, data.byteOffset, length * 2)
  const upper = isSigned ? new Int32Array(data.buffer, data.byteOffset, length * 2) : lower
  const Whole = isSigned ? BigInt64Array : BigUint64Array
  const whole = new Whole(data.buffer, data.byteOffset, length)
  return {
    numberAt(row) {
      const high = upper[row * 2 + 1] ?? 0
      if (high >= exactUpper || high < -exactUpper) return undefined
      return high * wordValues + (lower[row * 2] ?? 0)
    },
    bigintAt: (row) => whole[row] ?? 0n,
  }
}
