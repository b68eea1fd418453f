/** The values that a data source yields and a mapping consumes. */

/** A decimal whose exact digits matter: mapped to text it keeps them, in arithmetic it is a double. */
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
export type AttributeType = (typeof attributeTypes)[number]

/**
 * One value of a record. Integers beyond 2^53 arrive as `bigint` and decimals as {@link Decimal}, so that
 * no digit is lost; dates are instants (milliseconds UTC).
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
