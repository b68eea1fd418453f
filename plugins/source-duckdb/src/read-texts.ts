/**
 * Reads a column of texts. A call into C++ or a view of foreign memory costs more than a text itself, so both are made
 * for many texts at once: their bytes are copied as one string, of which each text is a piece.
 */
import { Buffer, isAscii } from 'node:buffer'
import duckdb from '@duckdb/node-bindings'
import { isNull, type VectorBytes } from './vector-bytes.ts'

/** DuckDB's string: 4 bytes for the length, then up to 12 bytes, or 4 and the address of longer ones. */
export const textWidth = 16
const inlineBytes = 12
const nonAscii = 0x80808080

/**
 * Longer texts stand in blocks that many rows share. The bytes between two of them may be anything, but they are there
 * to be read: in a gap shorter than the smallest page no page is without a text.
 */
const mostGap = 4095
/** A piece of a string keeps the whole of it: no more than this. */
const mostRunBytes = 64 * 1024
/** Sorted rows come from a few blocks in turn. */
const mostOpenRuns = 8

export function readTexts(vector: VectorBytes): (string | null)[] {
  const { data, length } = vector
  const words = new Uint32Array(data.buffer, data.byteOffset, length * 4)
  const bytes = Buffer.from(data.buffer, data.byteOffset, length * textWidth)
  const whole = bytes.toString('latin1')
  const texts = new Array<string | null>(length)
  const far: number[] = []
  for (let row = 0; row < length; row += 1) {
    if (isNull(vector, row)) {
      texts[row] = null
      continue
    }
    const word = row * 4
    const size = words[word] ?? 0
    if (size > inlineBytes) {
      far.push(row)
      continue
    }
    const start = row * textWidth + 4
    const all = (words[word + 1] ?? 0) | (words[word + 2] ?? 0) | (words[word + 3] ?? 0)
    texts[row] =
      (all & nonAscii) === 0
        ? whole.substring(start, start + size)
        : bytes.toString('utf8', start, start + size)
  }
  for (const run of runsOf(words, far)) readRun(run, words, data, texts)
  return texts
}

/** Texts whose bytes stand close together, by ascending address. */
interface Run {
  readonly rows: number[]
  readonly start: number
  end: number
}

function runsOf(words: Uint32Array, rows: readonly number[]): readonly Run[] {
  const runs: Run[] = []
  const open: Run[] = []
  for (const row of rows) {
    const start = addressAt(words, row)
    const end = start + (words[row * 4] ?? 0)
    const run = open.find(
      (each) => start >= each.end && start - each.end <= mostGap && end - each.start <= mostRunBytes,
    )
    if (run === undefined) {
      const begun: Run = { rows: [row], start, end }
      runs.push(begun)
      open.unshift(begun)
      if (open.length > mostOpenRuns) open.pop()
      continue
    }
    run.rows.push(row)
    run.end = end
  }
  return runs
}

// Addresses have 48 bits, or 57, of which processes are given 47: a double holds them.
function addressAt(words: Uint32Array, row: number): number {
  return (words[row * 4 + 3] ?? 0) * 2 ** 32 + (words[row * 4 + 2] ?? 0)
}

function readRun(
  { rows, start, end }: Run,
  words: Uint32Array,
  data: VectorBytes['data'],
  texts: (string | null)[],
): void {
  const [first = 0] = rows
  // The address of the run is that of its first text.
  const foreign = duckdb.get_data_from_pointer(
    data.buffer,
    data.byteOffset + first * textWidth + 8,
    end - start,
  )
  const bytes = Buffer.from(foreign.buffer, foreign.byteOffset, foreign.byteLength)
  const whole = rows.length > 1 && isAscii(bytes) ? bytes.toString('latin1') : undefined
  for (const row of rows) {
    const from = addressAt(words, row) - start
    const to = from + (words[row * 4] ?? 0)
    texts[row] = whole === undefined ? bytes.toString('utf8', from, to) : whole.substring(from, to)
  }
}
