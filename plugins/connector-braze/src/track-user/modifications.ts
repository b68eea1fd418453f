/** The open groups that change what an attribute has: numbers are counted up or down, arrays gain or lose values. */
import { type FieldMeta, type JsonValue, z } from '@sluice/connector-sdk'
import { issue } from '../fields.ts'
import { toJsonValue } from '../json-values.ts'
import { nameProblem } from './attribute-names.ts'

const group = 'Modify user attributes'

const amounts = (meta: FieldMeta) =>
  z
    .record(z.string(), z.number().nullish())
    .check(({ value: given, issues }) => {
      for (const name in given) {
        const amount = given[name]
        if (amount === null || amount === undefined) {
          delete given[name]
          continue
        }
        const isWhole = Number.isSafeInteger(amount)
        const problem = nameProblem(name) ?? (isWhole ? undefined : 'increment_not_integer')
        if (problem !== undefined) issues.push(issue(problem, [name]))
      }
    })
    .optional()
    .meta({ ...meta, open: true })

const values = (meta: FieldMeta) =>
  z
    .record(z.string(), z.array(z.unknown()).nullish())
    .check(({ value: given, issues }) => {
      for (const name in given) {
        const list = given[name]
        const json = list === null || list === undefined ? [] : toJsonValue(list)
        const problem = nameProblem(name) ?? (isListOfScalars(json) ? undefined : 'invalid_array_value')
        if (problem !== undefined) issues.push(issue(problem, [name]))
        else if (isListOfScalars(json) && json.length > 0) given[name] = [...json]
        else delete given[name]
      }
    })
    .optional()
    .meta({ ...meta, open: true })

export const modifications = {
  increment: amounts({
    title: 'Increment',
    description:
      'Whole numbers to add to attributes, by attribute name. Sent again, they would be added again.',
    group,
    examples: [{ visits: 1 }],
  }),
  decrement: amounts({
    title: 'Decrement',
    description:
      'Whole numbers to subtract from attributes, by attribute name. Sent again, they would be subtracted again.',
    group,
    examples: [{ credits: 1 }],
  }),
  addToArray: values({
    title: 'Add to array',
    description:
      'Values to add to array attributes, by attribute name. One that is there is not added twice.',
    group,
    examples: [{ interests: ['sailing'] }],
  }),
  removeFromArray: values({
    title: 'Remove from array',
    description: 'Values to take out of array attributes, by attribute name.',
    group,
    examples: [{ interests: ['sailing'] }],
  }),
}

type Group<Value> = Readonly<Record<string, Value>> | undefined

/** What most payloads have of each group. */
const none: Readonly<Record<string, undefined>> = {}

/** The modifications of a payload, and the attributes that it sets. */
export interface Modifications {
  readonly attributes?: Group<unknown>
  readonly increment?: Group<number | null | undefined>
  readonly decrement?: Group<number | null | undefined>
  readonly addToArray?: Group<readonly unknown[] | null | undefined>
  readonly removeFromArray?: Group<readonly unknown[] | null | undefined>
}

/** An attribute is set, counted or changed as an array, and no two of these: Braze takes one value for it. */
export function checkModifications({ value, issues }: z.core.ParsePayload<Modifications>): void {
  const { attributes, increment, decrement, addToArray, removeFromArray } = value
  if (increment ?? decrement ?? addToArray ?? removeFromArray) {
    forbid(issues, 'increment', [attributes], increment)
    forbid(issues, 'decrement', [attributes, increment], decrement)
    forbid(issues, 'addToArray', [attributes, increment, decrement], addToArray)
    forbid(issues, 'removeFromArray', [attributes, increment, decrement], removeFromArray)
  }
}

/** Whether sending the payload's attributes again would count again. */
export function hasIncrements({ increment, decrement }: Modifications): boolean {
  return hasEntries(increment) || hasEntries(decrement)
}

/** Writes the modifications into an attributes object, and tells whether there were any. */
export function writeModifications(object: Record<string, JsonValue>, payload: Modifications): boolean {
  const { increment = none, decrement = none, addToArray = none, removeFromArray = none } = payload
  if (increment === none && decrement === none && addToArray === none && removeFromArray === none)
    return false
  let isWritten = false
  for (const name in increment) {
    object[name] = { inc: increment[name] ?? 0 }
    isWritten = true
  }
  for (const name in decrement) {
    // Not the sign turned: that would make a zero one that JSON cannot write.
    object[name] = { inc: 0 - (decrement[name] ?? 0) }
    isWritten = true
  }
  // The parameters' check has made the lists JSON.
  for (const name in addToArray) {
    const add = addToArray[name] as JsonValue
    object[name] = has(removeFromArray, name) ? { add, remove: removeFromArray[name] as JsonValue } : { add }
    isWritten = true
  }
  for (const name in removeFromArray) {
    if (has(addToArray, name)) continue
    object[name] = { remove: removeFromArray[name] as JsonValue }
    isWritten = true
  }
  return isWritten
}

/** Each name of the group that another one has too is an issue. */
function forbid(
  issues: z.core.$ZodRawIssue[],
  parameter: keyof Modifications,
  others: readonly Group<unknown>[],
  entries: Group<unknown> = none,
): void {
  for (const name in entries) {
    const isTaken = others.some((other) => has(other, name))
    if (isTaken) issues.push(issue('conflicting_operations', [parameter, name]))
  }
}

function isListOfScalars(json: JsonValue | undefined): json is readonly JsonValue[] {
  return Array.isArray(json) && json.every((value) => typeof value !== 'object')
}

function has(entries: Group<unknown>, name: string): boolean {
  return entries !== undefined && Object.hasOwn(entries, name)
}

function hasEntries(entries: Group<unknown> = none): boolean {
  for (const name in entries) if (Object.hasOwn(entries, name)) return true
  return false
}
