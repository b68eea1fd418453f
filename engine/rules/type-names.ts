/** Attribute types as people call them, for error texts. */
import type { AttributeType } from '@sluice/connector-sdk'

export const typeNames: Readonly<Record<AttributeType, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date',
  stringArray: 'a list of texts',
  numberArray: 'a list of numbers',
  booleanArray: 'a list of true or false',
}
