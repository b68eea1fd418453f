/** Whether values of an attribute type can ever take the form of a target. */
import type { AttributeType } from '@sluice/connector-sdk'
import type { Target } from './target.ts'

export function canBecome(type: AttributeType, target: Target): boolean {
  switch (target.kind) {
    case 'json':
      return true
    case 'array':
      return canBecome(elementType(type), target.element)
    case 'string':
      return isSingle(type)
    case 'number':
      return type === 'string' || type === 'number'
    case 'boolean':
      return type === 'string' || type === 'number' || type === 'boolean'
    case 'instant':
    case 'day':
      return type === 'string' || type === 'date'
  }
}

/** The type of a list's values; a single value's own type. */
export function elementType(type: AttributeType): AttributeType {
  switch (type) {
    case 'stringArray':
      return 'string'
    case 'numberArray':
      return 'number'
    case 'booleanArray':
      return 'boolean'
    default:
      return type
  }
}

function isSingle(type: AttributeType): boolean {
  return elementType(type) === type
}
