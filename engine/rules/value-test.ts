/** What one condition asks of a value: a positive operator is false on null, a negative one is its negation. */
import type { AttributeValue } from '@sluice/connector-sdk'
import type { TimelessCondition } from './condition.ts'
import { toDouble } from './numbers.ts'
import { compilePattern } from './patterns.ts'
import { ignoringCase } from './same-case.ts'

/** `other` is the value of the attribute that it is compared with, null where there is none. */
export type ValueTest = (value: AttributeValue, other: AttributeValue) => boolean

/** Patterns and texts are prepared here, once. */
export function valueTest(condition: TimelessCondition): ValueTest {
  switch (condition.operator) {
    case 'equals':
      return equalTo(condition)
    case 'notEquals':
      return not(equalTo(condition))
    case 'lessThan':
      return (value) => toDouble(value) < condition.value
    case 'lessThanOrEqual':
      return (value) => toDouble(value) <= condition.value
    case 'greaterThan':
      return (value) => toDouble(value) > condition.value
    case 'greaterThanOrEqual':
      return (value) => toDouble(value) >= condition.value
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return onText(textTest(condition.operator, condition))
    case 'notContains':
      return not(onText(textTest('contains', condition)))
    case 'matches':
      return onText(patternTest(condition))
    case 'isAssigned':
      return (value) => value !== null
    case 'isNotAssigned':
      return (value) => value === null
    case 'isEmpty':
      return isEmpty
    case 'isNotEmpty':
      return not(isEmpty)
    case 'isTrue':
      return (value) => value === true
    case 'isFalse':
      return (value) => value === false
    case 'containsItem':
      return someItem(equalTo(condition))
    case 'notContainsItem':
      return not(someItem(equalTo(condition)))
    case 'itemContains':
      return someItem(onText(textTest('contains', condition)))
    case 'noItemContains':
      return not(someItem(onText(textTest('contains', condition))))
    case 'itemStartsWith':
      return someItem(onText(textTest('startsWith', condition)))
    case 'itemEndsWith':
      return someItem(onText(textTest('endsWith', condition)))
    case 'containsOnly':
      return (value) => isList(value) && value.length > 0 && value.every((item) => item === condition.value)
  }
}

type TextTest = (text: string) => boolean

interface WantedText {
  readonly value: string
  readonly ignoreCase?: boolean
}

function textTest(
  kind: 'contains' | 'startsWith' | 'endsWith',
  { value: wanted, ignoreCase = false }: WantedText,
): TextTest {
  if (ignoreCase) return ignoringCase(kind, wanted)
  switch (kind) {
    case 'contains':
      return (text) => text.includes(wanted)
    case 'startsWith':
      return (text) => text.startsWith(wanted)
    case 'endsWith':
      return (text) => text.endsWith(wanted)
  }
}

function patternTest({
  value,
  ignoreCase = false,
  multiline = false,
}: WantedText & { readonly multiline?: boolean }) {
  const compiled = compilePattern(value, { ignoreCase, multiline })
  // The form of conditions refuses such patterns; what was saved was parsed.
  if (!compiled.ok) throw new RangeError(compiled.message)
  return compiled.test
}

function equalTo({
  value: wanted,
  ignoreCase = false,
}: {
  readonly value: string | number | boolean
  readonly ignoreCase?: boolean
}): ValueTest {
  if (typeof wanted === 'number') return (value) => toDouble(value) === wanted
  if (typeof wanted === 'string' && ignoreCase) return onText(ignoringCase('equals', wanted))
  return (value) => value === wanted
}

function onText(test: TextTest): ValueTest {
  return (value) => typeof value === 'string' && test(value)
}

function someItem(test: ValueTest): ValueTest {
  return (value) => isList(value) && value.some((item) => test(item, null))
}

function isEmpty(value: AttributeValue): boolean {
  return value === null || value === '' || (isList(value) && value.length === 0)
}

function isList(value: AttributeValue): value is Extract<AttributeValue, readonly unknown[]> {
  return Array.isArray(value)
}

function not(test: ValueTest): ValueTest {
  return (value, other) => !test(value, other)
}
