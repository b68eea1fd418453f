/** The forms in which a value could lie somewhere: as text, escaped, encoded, or as a database keeps numbers. */

export interface Form {
  /** For the message of a test that finds one; never the value. */
  readonly name: string
  readonly bytes: Buffer
}

/** A text, or any part of one that cannot be there by chance. */
export function formsOfText(name: string, text: string): readonly Form[] {
  const utf8 = Buffer.from(text, 'utf8')
  const forms: [string, Buffer][] = [
    ['UTF-8', utf8],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ['HEX', Buffer.from(utf8.toString('hex').toUpperCase())],
    ...[0, 1, 2].map((shift): [string, Buffer] => [`base64 at ${shift}`, base64At(utf8, shift)]),
  ]
  const escaped = [...text].map(escapedUnit).join('')
  if (escaped !== text) {
    forms.push(
      ['JSON escapes', Buffer.from(escaped)],
      ['JSON ESCAPES', Buffer.from(escaped.toUpperCase().replaceAll('\\U', '\\u'))],
    )
    forms.push(['percent', Buffer.from(encodeURIComponent(text))])
  }
  return forms.map(([form, bytes]) => ({ name: `${name} as ${form}`, bytes }))
}

/** A whole number: its digits, and how databases write it down. */
export function formsOfNumber(name: string, value: bigint): readonly Form[] {
  const integer = Buffer.alloc(8)
  integer.writeBigInt64LE(value)
  const double = Buffer.alloc(8)
  double.writeDoubleLE(Number(value))
  const forms: readonly [string, Buffer][] = [
    ['digits', Buffer.from(String(value))],
    ['integer', integer],
    ['integer, reversed', Buffer.from(integer).reverse()],
    ['double', double],
    ['double, reversed', Buffer.from(double).reverse()],
    ['numeric', baseTenThousand(value)],
  ]
  return forms.map(([form, bytes]) => ({ name: `${name} as ${form}`, bytes }))
}

/** An instant: as text, since an epoch, and as PostgreSQL's and DuckDB's microseconds. */
export function formsOfInstant(name: string, iso: string, micros: number): readonly Form[] {
  const seconds = Date.parse(`${iso}Z`) / 1000
  const sinceEpoch = BigInt(seconds) * 1_000_000n + BigInt(micros)
  const postgresEpoch = BigInt(Date.UTC(2000, 0, 1)) * 1000n
  const day = iso.slice(0, 10)
  return [
    { name: `${name} as a day`, bytes: Buffer.from(day) },
    { name: `${name} as milliseconds`, bytes: Buffer.from(String(sinceEpoch / 1000n)) },
    ...formsOfNumber(`${name} in microseconds`, sinceEpoch),
    ...formsOfNumber(`${name} in PostgreSQL's microseconds`, sinceEpoch - postgresEpoch),
  ]
}

/** The part of a base64 text that does not depend on what stands before and after. */
function base64At(bytes: Buffer, shift: number): Buffer {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
  const first = Math.ceil((shift * 8) / 6)
  const last = Math.floor(((shift + bytes.length) * 8) / 6)
  return Buffer.from(text.slice(first, last))
}

function escapedUnit(character: string): string {
  if (character.charCodeAt(0) < 128) return character
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

/** PostgreSQL's numeric, which JSON numbers are too: groups of four digits as small integers. */
function baseTenThousand(value: bigint): Buffer {
  const digits = String(value).replace('-', '')
  const padded = digits.padStart(Math.ceil(digits.length / 4) * 4, '0')
  const groups = padded.match(/.{4}/g) ?? []
  const bytes = Buffer.alloc(groups.length * 2)
  groups.forEach((group, index) => {
    bytes.writeInt16LE(Number(group), index * 2)
  })
  return bytes
}
