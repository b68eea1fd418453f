/** Blocks that decide whether and how often their content renders. */
import { isDecimal, toDouble } from '../rules/numbers.ts'
import { isPresent, type Operand } from './frames.ts'
import type { BlockHelper, CallOperand, CompiledCall } from './helper.ts'
import type { CallFact } from './helper-fact.ts'
import { compilePath } from './paths.ts'
import { type Render, type RenderState, spendText } from './render-state.ts'
import { renderOnce, repeatEach, repeatRows } from './repeat.ts'
import { type Part, sequence } from './sequence.ts'
import { pathParts } from './tag.ts'
import { writerOf } from './text-of.ts'
import { isEntry, isList, isTally, nameOfType, sameType, type Value } from './values.ts'

type Test = (state: RenderState) => boolean

const values = {
  name: 'value',
  description: 'what is looked at',
  isRequired: true,
  isRepeated: true,
} as const
const elseOption = {
  name: 'else',
  description: 'What is rendered otherwise; {name} in it is the value of a variable.',
  isConstant: true,
} as const
const logic = (usual: string) => ({
  ...{ name: 'logic', values: ['and', 'or'], default: usual },
  description: 'Of several values: whether all or one of them decides.',
})

const ifHelper: BlockHelper = {
  ...{ name: 'if', usage: 'block', parameters: [values], options: [logic('and'), elseOption] },
  description: 'Renders its content if the value exists and is not empty, false or 0; of several, if all do.',
  example: { template: '{{#if str}}yes{{/if}}{{#if gone}}no{{/if}}', result: 'yes' },
  compile: (call, content) => choose(call, matches(call, true, 'and'), content(call.frame)),
}

const unless: BlockHelper = {
  ...{ name: 'unless', usage: 'block', parameters: [values], options: [logic('or'), elseOption] },
  description: 'Renders its content if the value is missing, empty, false or 0; of several, if one is.',
  example: { template: '{{#unless gone}}none{{/unless}}', result: 'none' },
  compile: (call, content) => choose(call, matches(call, false, 'or'), content(call.frame)),
}

const pair: CallFact['parameters'] = [
  { name: 'a', description: 'a value', isRequired: true },
  { name: 'b', description: 'what it is compared with', isRequired: true },
]

const isEq: BlockHelper = {
  ...{ name: 'isEq', usage: 'block', parameters: pair, options: [] },
  description: 'Renders its content if both values exist and are equal. Texts and numbers are never equal.',
  example: { template: '{{#isEq str "Hello"}}same{{/isEq}}', result: 'same' },
  compile: (call, content) => choose(call, equals(call, true), content(call.frame)),
}

const isNotEq: BlockHelper = {
  ...{ name: 'isNotEq', usage: 'block', parameters: pair, options: [] },
  description: 'Renders its content if both values exist and are not equal.',
  example: { template: '{{#isNotEq num 13}}other{{/isNotEq}}', result: 'other' },
  compile: (call, content) => choose(call, equals(call, false), content(call.frame)),
}

const withHelper: BlockHelper = {
  ...{ name: 'with', usage: 'block', options: [] },
  parameters: [{ name: 'value', description: 'what the content is about', isRequired: true }],
  description: 'Renders its content about a value: names are looked up in it first, and {{.}} is the value.',
  example: { template: '{{#with str}}{{.}}!{{/with}}', result: 'Hello!' },
  compile: ({ args: [value], frame }, content) =>
    value === undefined ? () => '' : renderOnce(value, frame, (state) => isThere(value, state), content),
}

const each: BlockHelper = {
  ...{ name: 'each', usage: 'block' },
  parameters: [
    {
      name: 'list',
      description: 'a list, tally.entrySet or a group of lists',
      isRequired: true,
      isRepeated: true,
    },
  ],
  options: [{ name: 'as', description: 'A name for the element.', isConstant: true }],
  description: 'Renders its content for each element; {{.}} is the element and {{iter.index}} counts from 1.',
  example: {
    template: '{{#each tally.entrySet}}{{key}} {{value.toInteger}} {{/each}}',
    result: 'A 1 B 2 C 3 ',
  },
  compile(call, content) {
    const { args, frame, place, context } = call
    const [first] = args
    const alias = call.options.get('as')?.literal
    const name = alias === undefined ? undefined : String(alias)
    if (first?.type.kind === 'group' && args.length === 1) {
      if (first.type.group.hasLists) return repeatRows(first.type.group, frame, name, place, content)
    }
    for (const { type, start } of args) {
      const isWrong = type.kind !== 'list' && type.kind !== 'nothing'
      if (isWrong)
        context.problem('wrong_argument', start, `"each" goes through a list; this is ${nameOfType(type)}.`)
      else if (type.kind === 'list' && first?.type.kind === 'list' && !sameType(type, first.type)) {
        context.problem('wrong_argument', start, 'The lists that "each" goes through must be of one type.')
      }
    }
    return repeatEach(args, frame, name, place, content)
  },
}

export const flowHelpers: readonly BlockHelper[] = [each, ifHelper, unless, isEq, isNotEq, withHelper]

function isThere({ read }: Operand, state: RenderState): boolean {
  const value = read(state)
  return value !== null && value !== undefined
}

/** What `if` takes for true. */
export function isTrue(value: Value): boolean {
  return isPresent(value) && !isZero(value)
}

function isZero(value: Value): boolean {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) === 0
  return typeof value === 'object' && isScalarNumber(value) && toDouble(value) === 0
}

function isScalarNumber(value: Value): value is Extract<Value, { readonly digits: string }> {
  return !isList(value) && !isTally(value) && !isEntry(value) && value !== undefined && isDecimal(value)
}

function matches({ args, options }: CompiledCall, wanted: boolean, usual: 'and' | 'or'): Test {
  const [only, second] = args
  if (only !== undefined && second === undefined) return (state) => isTrue(only.read(state)) === wanted
  const test = ({ read }: CallOperand, state: RenderState) => isTrue(read(state)) === wanted
  return (options.get('logic')?.literal ?? usual) === 'or'
    ? (state) => args.some((arg) => test(arg, state))
    : (state) => args.every((arg) => test(arg, state))
}

function equals({ args: [left, right] }: CompiledCall, wanted: boolean): Test {
  return (state) => {
    const a = left?.read(state)
    const b = right?.read(state)
    if (a === null || a === undefined || b === null || b === undefined) return false
    if (typeof a === 'string') spendText(state, a)
    return sameValue(a, b) === wanted
  }
}

function sameValue(a: NonNullable<Value>, b: NonNullable<Value>): boolean {
  if (a === b) return true
  if (typeof a === 'string' || typeof b === 'string') return false
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime()
  if (typeof a === 'bigint' && typeof b === 'bigint') return false
  const left = numberOf(a)
  return left !== undefined && left === numberOf(b)
}

function numberOf(value: NonNullable<Value>): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  return isScalarNumber(value) ? Number(value.digits) : undefined
}

function choose(call: CompiledCall, test: Test, content: Render): Render {
  const otherwise = call.options.get('else')
  if (otherwise === undefined) return (state) => (test(state) ? content(state) : '')
  const render = elseText(String(otherwise.literal ?? ''), otherwise.start, call)
  return (state) => (test(state) ? content(state) : render(state))
}

/** `else="none for {name}"`. */
function elseText(text: string, start: number, { frame, context }: CompiledCall): Render {
  const place = context.place(start)
  const parts = text.split(/\{([^{}]*)\}/).map((part, index): Part => {
    if (index % 2 === 0) return { kind: 'text', text: part, place }
    const { type, read } = compilePath(pathParts(part.trim(), start), frame, context)
    const write = writerOf(type)
    return { kind: 'rendered', isLeaf: true, place, render: (state) => write(read(state), state) }
  })
  return sequence(parts)
}
