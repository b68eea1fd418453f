/** The tables that the suite reads. */
import type { Cell, TestTable } from './test-table.ts'

export const oddName = `odd "name". 'with'; -- ü 😀`

const base = Date.UTC(2024, 6, 1, 10)

/** Seven rows share each microsecond, so that every border of a page falls among equal timestamps. */
export const changeCount = 5_000
const sharing = 7

export function changedAt(id: number): string {
  const micros = Math.floor(id / sharing)
  const second = new Date(base + Math.floor(micros / 1_000_000) * 1000).toISOString().slice(0, 19)
  return `${second.replace('T', ' ')}.${String(micros % 1_000_000).padStart(6, '0')}`
}

/** Every id once, in an order that is not theirs: 1,237 has no divisor in common with their number. */
const shuffled = Array.from({ length: changeCount }, (_, index) => (index * 1_237) % changeCount)

export const changes: TestTable = {
  name: 'changes',
  columns: { id: 'integer', at: 'instant', local_at: 'naive', note: 'text' },
  rows: shuffled.map((id) => [
    String(id),
    `${changedAt(id)}+00`,
    changedAt(id),
    id % 10 === 0 ? null : `note ${id}`,
  ]),
}

export const keyTexts = [
  '',
  ' ',
  'A',
  'a',
  'Z',
  'aa',
  'ä',
  'é',
  'e\u0301',
  'ß',
  'ss',
  '日本',
  '😀',
  '%',
  '_',
  "'",
  '"',
  '\\',
  '10',
  '9',
  '-',
  'a b',
]

export const textKeys: TestTable = {
  name: 'text_keys',
  columns: { key: 'text', rank: 'decimal' },
  rows: keyTexts.map((key, index) => [key, `${Math.floor(index / 3)}.5000`]),
}

export const odd: TestTable = {
  name: oddName,
  columns: { id: 'integer', [oddName]: 'text', 'a.b': 'integer', UPPER: 'boolean' },
  rows: [
    ['1', "it's", '7', 'true'],
    ['2', null, null, null],
  ],
}

const wallClocks = [
  '2024-01-15 12:00:00.123456',
  '2024-07-15 12:00:00',
  '2024-03-31 01:59:59.999',
  '2024-03-31 03:00:00',
  // Skipped in spring in Berlin: as if the clock had not yet gone forward.
  '2024-03-31 02:30:00',
  // Twice in autumn: its second time.
  '2024-10-27 02:30:00',
  '2024-10-27 03:00:00',
]

export const clocks: TestTable = {
  name: 'clocks',
  columns: { id: 'integer', wall: 'naive', at: 'instant', day: 'day' },
  rows: wallClocks.map((wall, id) => [String(id), wall, '2024-07-01 12:00:00+02', '2024-07-01']),
}

/** What the texts of a column become when they are read. Its last row is all NULL. */
export const values: TestTable = {
  name: 'all_values',
  columns: {
    id: 'integer',
    whole: 'integer',
    large: 'bigint',
    exact: 'decimal',
    double: 'double',
    flag: 'boolean',
    text: 'text',
    wall: 'naive',
    at: 'instant',
    day: 'day',
    texts: 'texts',
    numbers: 'integers',
    flags: 'booleans',
  },
  rows: [
    valuesRow(
      '1',
      '-2147483648',
      '9007199254740993',
      '12345678901234.5600',
      '0.1',
      'true',
      `it's "ü" 日本 😀\n\\ %_`,
    ),
    valuesRow('2', '7', '-9007199254740993', '-0.05', 'NaN', 'false', ''),
    valuesRow('3', '0', '9007199254740992', '0', '-Infinity', 'true', ' both ends '),
    valuesRow('4', '1', '-42', '7', '1e300', 'true', 'NULL'),
    ['5', ...Array.from({ length: 12 }, () => null)],
  ],
}

function valuesRow(...scalars: readonly string[]): Cell[] {
  return [
    ...scalars,
    '2024-07-01 10:00:00.123999',
    '1969-12-31 23:59:59.999999+00',
    '2024-02-29',
    ['a', null, '', 'b,c', '{x}', '"q"', '\\', 'NULL', "it's", ' '],
    ['1', null, '-3'],
    ['true', null, 'false'],
  ]
}

export const infinite: TestTable = {
  name: 'infinite',
  columns: { id: 'integer', at: 'instant' },
  rows: [
    ['1', '2024-07-01 10:00:00+00'],
    ['2', 'infinity'],
  ],
}

export const likes: TestTable = {
  name: 'likes',
  columns: { id: 'integer', text: 'text' },
  rows: [
    ['1', 'a%b_c'],
    ['2', 'axbxc'],
    ['3', 'A%B_C'],
    ['4', null],
    ['5', '😀 a%'],
    ['6', 'e\u0301t\u00e9'],
    ['7', '\\%'],
    ['8', ''],
  ],
}

export const suiteTables: readonly TestTable[] = [changes, textKeys, odd, clocks, values, infinite, likes]
