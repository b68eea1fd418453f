/** Values that stand nowhere else in the world, one set for every test run: if one is found, it came from a record. */
import { randomInt } from 'node:crypto'
import { type Form, formsOfInstant, formsOfNumber, formsOfText } from './forms.ts'

export interface Canaries {
  /** Begins every text. */
  readonly text: string
  /** Letters that JSON may escape. */
  readonly unicode: string
  /** Of 15 digits, so that a double holds it exactly. */
  readonly number: bigint
  /** A second of long ago, without zone, with these microseconds. */
  readonly instant: string
  readonly micros: number
  readonly forms: readonly Form[]
}

export function createCanaries(): Canaries {
  const text = `q${letters('abcdefghijklmnopqrstuvwxyz', 19)}`
  const unicode = letters('абвгдежзийклмнопрстуфхцчшщъыьэюя', 12)
  const number = BigInt(randomInt(100_000_000, 999_999_999)) * 1_000_000n + BigInt(randomInt(1, 999_999))
  const seconds = randomInt(0, 1_500_000_000)
  const instant = new Date(Date.UTC(1901, 0, 1) + seconds * 1000).toISOString().slice(0, 19)
  const micros = randomInt(100_000, 999_999)
  return {
    text,
    unicode,
    number,
    instant,
    micros,
    forms: [
      ...formsOfText('text', text),
      ...formsOfText('unicode', unicode),
      ...formsOfNumber('number', number),
      ...formsOfInstant('instant', instant, micros),
    ],
  }
}

function letters(alphabet: string, count: number): string {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join('')
}
