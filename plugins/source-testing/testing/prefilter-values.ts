/** Texts that cast to the types of a database, for a table in which conditions often hit and values often collide. */
import fc from 'fast-check'

/** For each column: its type in the database, and texts that cast to it. */
export type PrefilterTable = Readonly<
  Record<string, readonly [nativeType: string, texts: fc.Arbitrary<unknown>]>
>

/** What is now to the conditions: in the hour that Amsterdam has twice. */
export const now = Date.parse('2024-10-27T01:30:00.500Z')

// Close to each other: capitals, accents in both forms, what languages fold differently, characters that patterns and
// quotes have.
const letters = [
  ...[
    'a',
    'A',
    'b',
    'é',
    'e\u0301',
    'ß',
    'ss',
    'ẞ',
    'İ',
    'ı',
    'i',
    'σ',
    'ς',
    '\u212a',
    ' ',
    '%',
    '_',
    '\\',
    "'",
    '"',
    '😀',
    '中',
    '\u00ad',
    '1',
    '\n',
  ],
]
export const text = fc.string({ unit: fc.constantFrom(...letters), maxLength: 4 })

export const pattern = fc.constantFrom(
  ...[
    'a',
    '^a',
    'a$',
    '^$',
    '^.$',
    '[a-z]',
    'a|ß',
    '(a|b)+1',
    '\\\\',
    '[^a]',
    '\\p{Lu}',
    'é',
    'k',
    '\\d',
    '(?s)^.*$',
  ],
)

export const wholeNumber = (bits: number) =>
  fc.oneof(
    fc.bigInt({ min: -3n, max: 3n }),
    fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }),
    fc.bigInt({ min: -2n, max: 2n }).map((step) => (bits > 54 ? 2n ** 53n : 2n ** BigInt(bits - 2)) + step),
  )

export const decimal = (width: number, scale: number) =>
  fc
    .oneof(
      fc.bigInt({ min: -3n, max: 3n }).map((whole) => whole * 10n ** BigInt(scale)),
      fc.bigInt({ min: -3n, max: 3n }).map((step) => 5n * 10n ** BigInt(scale) + step),
      fc.bigInt({ min: -(10n ** BigInt(width)) + 1n, max: 10n ** BigInt(width) - 1n }),
    )
    .map((unscaled) => {
      const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
      return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
    })

export const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('nan', 'inf', '-inf', '-0', '5e-324', '0.1', '0.30000000000000004', '9007199254740992'),
  fc.constantFrom('1', '2'),
)

export const float = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('nan', 'inf', '0.1', '16777217'),
)

export const second = fc.oneof(
  // Within hours of what is now.
  fc.integer({ min: -7200, max: 7200 }).map((seconds) => secondsText(now / 1000 + seconds)),
  fc.constantFrom('1969-12-31 23:59:59', '2024-03-31 02:30:00', '2024-10-27 02:30:00', '0001-01-01 00:00:00'),
  fc.integer({ min: -2e9, max: 4e9 }).map(secondsText),
)

function secondsText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19)
}

// Just before a whole second is where cutting and rounding differ.
export const fraction = (digits: number) =>
  fc.oneof(
    fc.constant('9'.repeat(digits)),
    fc.integer({ min: 0, max: 10 ** digits - 1 }).map((part) => String(part).padStart(digits, '0')),
  )

export const instant = (digits: number) => fc.tuple(second, fraction(digits)).map((parts) => parts.join('.'))
export const day = second.map((value) => value.slice(0, 10))

/** Lists of a few of these texts, with nulls among them, as a database writes them. */
export function list(items: readonly string[], write: (list: string) => string): fc.Arbitrary<string> {
  const item = fc.oneof(fc.constantFrom(...items), fc.constant('NULL'))
  return fc.array(item, { maxLength: 3 }).map((chosen) => write(chosen.join(', ')))
}

export const textItems = ['a', 'A', 'ab', 'b1', 'ß', 'i', 'İ']
export const numberItems = ['0', '1', '1.5', '-2', '9007199254740993', 'NaN']
export const flagItems = ['true', 'false']

/** The statements that make `table` with that many rows, always the same; a column `id` counts them. */
export function tableSql(name: string, table: PrefilterTable, rowCount: number): readonly string[] {
  const definitions = Object.entries(table).map(([column, [nativeType]]) => `"${column}" ${nativeType}`)
  const row = fc.tuple(...Object.values(table).map(([, texts]) => fc.option(texts, { freq: 6 })))
  const literal = (value: unknown) => (value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`)
  const rows = fc
    .sample(row, { numRuns: rowCount, seed: 20240229 })
    .map((values, id) => `(${[id, ...values.map(literal)].join(', ')})`)
  return [
    `CREATE TABLE ${name} (id INTEGER, ${definitions.join(', ')})`,
    `INSERT INTO ${name} VALUES ${rows.join(', ')}`,
  ]
}
