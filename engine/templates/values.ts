/** Values while a template renders, and their types, which are known when it is compiled. */
import type { Decimal } from '@sluice/connector-sdk'
import type { Tally, VariableType } from './template.ts'

export type Scalar = string | number | bigint | boolean | Date | Decimal

/** One name of a tally with its number. */
export interface Entry {
  readonly key: string
  readonly value: Scalar | null
}

export type List = readonly (Scalar | Entry | null)[]
export type Value = Scalar | Entry | List | Tally | null | undefined

/** `integer` is a number that renders without a fraction; `any` is known only while rendering. */
export type ValueType =
  | {
      readonly kind: 'string' | 'number' | 'integer' | 'boolean' | 'date' | 'accessToken' | 'any' | 'nothing'
    }
  | { readonly kind: 'list'; readonly element: ValueType }
  | { readonly kind: 'tally' | 'entry'; readonly number: 'number' | 'integer' }
  /** With a level it is the row that the section of this level is at. */
  | { readonly kind: 'group'; readonly group: VariableGroup; readonly level?: number }
  | { readonly kind: 'iteration' }

export interface VariableGroup {
  readonly variables: ReadonlyMap<string, Variable>
  readonly groups: ReadonlyMap<string, VariableGroup>
  /** Whether some of its own variables are lists, so that the group is a table. */
  readonly hasLists: boolean
}

export interface Variable {
  readonly name: string
  readonly type: ValueType
  /** Its place among the values of a render. */
  readonly slot: number
}

export const nothing: ValueType = { kind: 'nothing' }

export function typeOfVariable(type: VariableType): ValueType {
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'date':
    case 'accessToken':
      return { kind: type }
    case 'stringArray':
      return { kind: 'list', element: { kind: 'string' } }
    case 'numberArray':
      return { kind: 'list', element: { kind: 'number' } }
    case 'booleanArray':
      return { kind: 'list', element: { kind: 'boolean' } }
    case 'tally':
      return { kind: 'tally', number: 'number' }
  }
}

export function sameType(left: ValueType, right: ValueType): boolean {
  if (left.kind === 'list') return right.kind === 'list' && sameType(left.element, right.element)
  if ('number' in left) return left.kind === right.kind && 'number' in right && left.number === right.number
  return left.kind === right.kind
}

/** How a type is called in messages. */
export function nameOfType(type: ValueType): string {
  switch (type.kind) {
    case 'string':
      return 'a text'
    case 'number':
    case 'integer':
      return 'a number'
    case 'boolean':
      return 'true or false'
    case 'date':
      return 'a date'
    case 'accessToken':
      return 'the access token'
    case 'list':
      return 'a list'
    case 'tally':
      return 'a tally'
    case 'entry':
      return 'an entry of a tally'
    case 'group':
      return 'a group of variables'
    case 'iteration':
      return "a section's turn"
    case 'any':
    case 'nothing':
      return 'a value'
  }
}

export function isList(value: Value): value is List {
  return Array.isArray(value)
}

export function isTally(value: Value): value is Tally {
  return value instanceof Map
}

export function isEntry(value: Value): value is Entry {
  return typeof value === 'object' && value !== null && 'key' in value
}

/** The entries of a tally in its order. */
export function entriesOf(tally: Tally): readonly Entry[] {
  return Array.from(tally, ([key, value]) => ({ key, value }))
}
