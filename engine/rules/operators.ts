/** The operators of conditions: which attribute types each fits, and how it reads in words. */
import type { AttributeType } from '@sluice/connector-sdk'
import { attributeTypes } from '@sluice/connector-sdk'

interface OperatorFacts {
  readonly fits: readonly AttributeType[]
  readonly words: string
}

const arrays = ['stringArray', 'numberArray', 'booleanArray'] as const

export const operators = {
  equals: { fits: ['string', 'number'], words: 'is' },
  notEquals: { fits: ['string', 'number'], words: 'is not' },
  lessThan: { fits: ['number'], words: 'is less than' },
  lessThanOrEqual: { fits: ['number'], words: 'is at most' },
  greaterThan: { fits: ['number'], words: 'is greater than' },
  greaterThanOrEqual: { fits: ['number'], words: 'is at least' },
  contains: { fits: ['string'], words: 'contains' },
  notContains: { fits: ['string'], words: 'does not contain' },
  startsWith: { fits: ['string'], words: 'starts with' },
  endsWith: { fits: ['string'], words: 'ends with' },
  matches: { fits: ['string'], words: 'matches the pattern' },
  isAssigned: { fits: attributeTypes, words: 'is assigned' },
  isNotAssigned: { fits: attributeTypes, words: 'is not assigned' },
  isEmpty: { fits: ['string', ...arrays], words: 'is empty' },
  isNotEmpty: { fits: ['string', ...arrays], words: 'is not empty' },
  isTrue: { fits: ['boolean'], words: 'is true' },
  isFalse: { fits: ['boolean'], words: 'is false' },
  before: { fits: ['date'], words: 'is before' },
  onOrBefore: { fits: ['date'], words: 'is at the latest' },
  after: { fits: ['date'], words: 'is after' },
  onOrAfter: { fits: ['date'], words: 'is at the earliest' },
  occurredLessThanAgo: { fits: ['date'], words: 'occurred less than' },
  occurredMoreThanAgo: { fits: ['date'], words: 'occurred more than' },
  containsItem: { fits: arrays, words: 'has the item' },
  notContainsItem: { fits: arrays, words: 'does not have the item' },
  itemContains: { fits: ['stringArray'], words: 'has an item that contains' },
  noItemContains: { fits: ['stringArray'], words: 'has no item that contains' },
  itemStartsWith: { fits: ['stringArray'], words: 'has an item that starts with' },
  itemEndsWith: { fits: ['stringArray'], words: 'has an item that ends with' },
  containsOnly: { fits: ['booleanArray'], words: 'has only the item' },
} as const satisfies Record<string, OperatorFacts>

export type Operator = keyof typeof operators

export function fitsType(operator: Operator, type: AttributeType): boolean {
  const fits: readonly AttributeType[] = operators[operator].fits
  return fits.includes(type)
}

/** The operators that can be used on attributes of a type. */
export function operatorsFor(type: AttributeType): readonly Operator[] {
  return (Object.keys(operators) as Operator[]).filter((operator) => fitsType(operator, type))
}
