/** Parts of a text. Where something is not found, they answer as the reference's library does. */

import { isDecimal } from '../rules/numbers.ts'
import type { Operand } from './frames.ts'
import type { CompiledCall, InlineHelper } from './helper.ts'
import type { OptionFact, ParameterFact } from './helper-fact.ts'
import { type RenderState, spendText } from './render-state.ts'
import { writerOf } from './text-of.ts'
import { isEntry, isList, isTally } from './values.ts'

const text: ParameterFact = { name: 'text', description: 'a text', isRequired: true }
const separator: OptionFact = { name: 'separator', description: 'What is looked for.', isRequired: true }

const substring: InlineHelper = {
  ...{ name: 'substring', usage: 'inline', options: [] },
  description:
    'The characters from a start, counted from 0, up to but without the end. Negative numbers count from the end.',
  parameters: [
    text,
    { name: 'start', description: 'the first character', isRequired: true },
    { name: 'end', description: 'the character behind the last', isRequired: false },
  ],
  example: { template: '{{substring str 1 3}}', result: 'el' },
  compile({ args: [value, start, end] }) {
    return (state) => {
      const whole = textOf(value, state)
      const from = wholeNumber(start, state) ?? 0
      const to = wholeNumber(end, state) ?? whole.length
      return withoutHalves(whole, fromEnd(from, whole), fromEnd(to, whole))
    }
  },
}

function fromEnd(index: number, { length }: string): number {
  return Math.min(Math.max(index < 0 ? length + index : index, 0), length)
}

/** A cut between the two halves of a character leaves out what would be a half. */
function withoutHalves(whole: string, from: number, to: number): string {
  const start = isInside(whole, from) ? from + 1 : from
  const end = isInside(whole, to) ? to - 1 : to
  return start < end ? whole.slice(start, end) : ''
}

function isInside(whole: string, index: number): boolean {
  const before = whole.charCodeAt(index - 1)
  const behind = whole.charCodeAt(index)
  return before >= 0xd800 && before <= 0xdbff && behind >= 0xdc00 && behind <= 0xdfff
}

interface Search {
  readonly name: string
  readonly description: string
  readonly example: InlineHelper['example']
  find(whole: string, separator: string): string
}

function search({ find, ...facts }: Search): InlineHelper {
  return {
    ...{ ...facts, usage: 'inline', parameters: [text], options: [separator] },
    compile({ args: [value], options }: CompiledCall) {
      const option = options.get('separator')
      return (state) => {
        const whole = textOf(value, state)
        return whole === '' ? '' : find(whole, textOf(option, state))
      }
    },
  }
}

const substringAfter = search({
  name: 'substringAfter',
  description: 'What follows the first separator; nothing without one.',
  example: { template: '{{substringAfter str separator="l"}}', result: 'lo' },
  find(whole, by) {
    const at = whole.indexOf(by)
    return at === -1 ? '' : whole.slice(at + by.length)
  },
})

const substringAfterLast = search({
  name: 'substringAfterLast',
  description: 'What follows the last separator; nothing without one.',
  example: { template: '{{substringAfterLast str separator="l"}}', result: 'o' },
  find(whole, by) {
    const at = by === '' ? -1 : whole.lastIndexOf(by)
    return at === -1 ? '' : whole.slice(at + by.length)
  },
})

const substringBefore = search({
  name: 'substringBefore',
  description: 'What precedes the first separator; the whole text without one.',
  example: { template: '{{substringBefore str separator="l"}}', result: 'He' },
  find(whole, by) {
    const at = whole.indexOf(by)
    return at === -1 ? whole : whole.slice(0, at)
  },
})

const substringBeforeLast = search({
  name: 'substringBeforeLast',
  description: 'What precedes the last separator; the whole text without one.',
  example: { template: '{{substringBeforeLast str separator="l"}}', result: 'Hel' },
  find(whole, by) {
    const at = by === '' ? -1 : whole.lastIndexOf(by)
    return at === -1 ? whole : whole.slice(0, at)
  },
})

const substringBetween: InlineHelper = {
  ...{ name: 'substringBetween', usage: 'inline', parameters: [text] },
  description: 'What stands between the first "open" and the next "close"; nothing without them.',
  options: [
    { name: 'open', description: 'What precedes it.', isRequired: true },
    { name: 'close', description: 'What follows it.', isRequired: true },
  ],
  example: { template: '{{substringBetween str open="H" close="o"}}', result: 'ell' },
  compile({ args: [value], options }) {
    const openOption = options.get('open')
    const closeOption = options.get('close')
    return (state) => {
      const whole = textOf(value, state)
      const open = textOf(openOption, state)
      const at = whole.indexOf(open)
      const from = at + open.length
      const to = at === -1 ? -1 : whole.indexOf(textOf(closeOption, state), from)
      return to === -1 ? '' : whole.slice(from, to)
    }
  },
}

export const substringHelpers: readonly InlineHelper[] = [
  ...[substring, substringAfter, substringAfterLast, substringBefore, substringBeforeLast, substringBetween],
]

function textOf(operand: Operand | undefined, state: RenderState): string {
  return operand === undefined ? '' : spendText(state, writerOf(operand.type)(operand.read(state), state))
}

function wholeNumber(operand: Operand | undefined, state: RenderState): number | undefined {
  const value = operand?.read(state)
  if (value === null || value === undefined || isList(value) || isTally(value) || isEntry(value))
    return undefined
  const number = isDecimal(value) ? Number(value.digits) : Number(value)
  return Number.isNaN(number) ? undefined : Math.trunc(number)
}
