/** The values that a data source yields and a mapping consumes. */

/**
 * A decimal whose exact digits matter: mapped to text it keeps them, in arithmetic it is a double.
 *
 * @example
 * ```ts
 * const price = new Decimal('12345678901234567890.12')
 * String(price) // '12345678901234567890.12'
 * Number(price) // 12345678901234567000
 * ```
 */
export class Decimal {
  readonly digits: string
  constructor(digits: string) {
    this.digits = digits
  }
  valueOf(): number {
    return Number(this.digits)
  }
  toString(): string {
    return this.digits
  }
  toJSON(): number {
    return Number(this.digits)
  }
}

/**
 * The types an attribute can have. A source maps every native type to one of these;
 * what fits none of them (structs, maps, JSON, geometry) arrives as a string.
 *
 * @example
 * ```ts
 * attributeTypes.includes('stringArray') // true
 * ```
 */
export const attributeTypes = [
  'string',
  'number',
  'boolean',
  'date',
  'stringArray',
  'numberArray',
  'booleanArray',
] as const
/**
 * One of {@link attributeTypes}.
 *
 * @example
 * ```ts
 * const type: AttributeType = nativeType === 'bool' ? 'boolean' : 'string'
 * ```
 */
export type AttributeType = (typeof attributeTypes)[number]

/**
 * One value of a record. Integers beyond 2^53 arrive as `bigint` and decimals as {@link Decimal}, so that
 * no digit is lost; dates are instants (milliseconds UTC).
 *
 * @example
 * ```ts
 * const values: readonly AttributeValue[] = [
 *   ...['ann', 7, 9007199254740993n, true],
 *   ...[new Decimal('0.10'), new Date(0), ['a', null], null],
 * ]
 * ```
 */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Decimal
  | null
  | readonly (string | number | bigint | boolean | Decimal | null)[]
