/** The operators of conditions: which attribute types each fits, and how it reads in words. */
import type { AttributeType } from '@sluice/connector-sdk'
import { attributeTypes } from '@sluice/connector-sdk'

interface OperatorFacts {
  readonly fits: readonly AttributeType[]
  readonly words: string
}

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
  isAssigned: { fits: attributeTypes, words: 'is assigned' },
  isNotAssigned: { fits: attributeTypes, words: 'is not assigned' },
  isTrue: { fits: ['boolean'], words: 'is true' },
  isFalse: { fits: ['boolean'], words: 'is false' },
  before: { fits: ['date'], words: 'is before' },
  after: { fits: ['date'], words: 'is after' },
} as const satisfies Record<string, OperatorFacts>

type Operator = keyof typeof operators

export function fitsType(operator: Operator, type: AttributeType): boolean {
  const fits: readonly AttributeType[] = operators[operator].fits
  return fits.includes(type)
}

/** The operators that can be used on attributes of a type. */
export function operatorsFor(type: AttributeType): readonly Operator[] {
  return (Object.keys(operators) as Operator[]).filter((operator) => fitsType(operator, type))
}
