/** Helpers that render a text of their own: {{join list on=", "}}. */
import { compileDatePattern } from './date-pattern.ts'
import { isTrue } from './flow-helpers.ts'
import { hash } from './hash-helper.ts'
import type { CallOperand, CompiledCall, InlineHelper } from './helper.ts'
import { RenderFault } from './problem.ts'
import { type Render, type RenderState, spend, spendText } from './render-state.ts'
import { substringHelpers } from './substring-helpers.ts'
import { writeEach, writerOf } from './text-of.ts'
import { isList, nameOfType, type Value } from './values.ts'

const formatDate: InlineHelper = {
  ...{ name: 'formatDate', usage: 'inline' },
  description:
    'A date by a pattern of Java: yyyy year, MM month, dd day, HH hour, mm minute, ss second. The time is UTC.',
  parameters: [{ name: 'date', description: 'a date', isRequired: true }],
  options: [
    {
      ...{ name: 'pattern', isRequired: true, isConstant: true },
      description: "For example yyyy-MM-dd'T'HH:mm; other text stands in single quotes.",
    },
  ],
  example: { template: '{{formatDate dat pattern="yyyy-MM-dd HH:mm a"}}', result: '2020-09-15 00:00 AM' },
  compile(call) {
    const [date] = call.args
    const format = patternOf(call, 'pattern')
    if (date === undefined || format === undefined) return () => ''
    if (date.type.kind !== 'date' && date.type.kind !== 'nothing') {
      const message = `"formatDate" works on a date; this is ${nameOfType(date.type)}.`
      call.context.problem('wrong_argument', date.start, message)
    }
    return (state) => {
      const value = date.read(state)
      if (value === null || value === undefined) return ''
      if (value instanceof Date && !Number.isNaN(value.getTime())) return format(value, state)
      state.place = call.place
      throw new RenderFault('not_a_date')
    }
  },
}

type WriteDate = (date: Date, state: RenderState) => string

/** The compiled pattern of an option; undefined when it is not given or wrong, which is reported. */
function patternOf({ options, context }: CompiledCall, name: string): WriteDate | undefined {
  const option = options.get(name)
  if (option === undefined) return undefined
  const pattern = String(option.literal ?? '')
  const { maxPatternLength } = context.limits
  if (pattern.length > maxPatternLength) {
    context.problem('bad_date_pattern', option.start, `A pattern has at most ${maxPatternLength} characters.`)
    return undefined
  }
  const compiled = compileDatePattern(pattern)
  if (compiled.ok) {
    const steps = pattern.length >> 2
    return (date, state) => {
      spend(state, steps)
      return compiled.format(date)
    }
  }
  context.problem('bad_date_pattern', option.start, compiled.message)
  return undefined
}

const join: InlineHelper = {
  ...{ name: 'join', usage: 'inline' },
  description: 'The elements of a list with a text between them.',
  parameters: [{ name: 'list', description: 'a list', isRequired: true, isRepeated: true }],
  options: [{ name: 'on', description: 'What stands between two elements.', default: ',' }],
  example: { template: '{{join arrs on=", "}}', result: 'A, A, B' },
  compile({ args, options }) {
    const on = options.get('on')
    const readOn = on === undefined ? () => ',' : textReader(on)
    const lists = args.map(({ type, read }) => {
      const write = writerOf(type.kind === 'list' ? type.element : type)
      return { read, write }
    })
    return (state) => {
      const texts: string[] = []
      for (const { read, write } of lists) {
        const value = read(state)
        const elements: readonly Value[] = isList(value)
          ? value
          : value === null || value === undefined
            ? []
            : [value]
        spend(state, elements.length)
        for (const element of elements) texts.push(write(element, state))
      }
      return writeEach(texts, readOn(state), passOn, state)
    }
  },
}

function passOn(value: Value): string {
  return typeof value === 'string' ? value : ''
}

/** An argument as the text that it would render to. */
export function textReader({ type, read }: CallOperand): (state: RenderState) => string {
  const write = writerOf(type)
  return (state) => write(read(state), state)
}

const is: InlineHelper = {
  ...{ name: 'is', usage: 'inline', options: [] },
  description: 'One text if the value exists and is not empty, false or 0, else another one.',
  parameters: [
    { name: 'value', description: 'what is looked at', isRequired: true },
    { name: 'then', description: 'what is rendered if it is', isRequired: true },
    { name: 'otherwise', description: 'what is rendered if it is not', isRequired: false },
  ],
  example: { template: '{{is bln "yes" "no"}}', result: 'yes' },
  compile({ args: [value, yes, no] }) {
    const then = yes === undefined ? () => '' : textReader(yes)
    const otherwise = no === undefined ? () => '' : textReader(no)
    return (state) => (isTrue(value?.read(state)) ? then(state) : otherwise(state))
  },
}

const unixTimestamp = timeHelper('unixTimestamp', 'seconds', '1600128000', (ms) => Math.floor(ms / 1000))
const unixTimestampMs = timeHelper('unixTimestampMs', 'milliseconds', '1600128000000', (ms) => ms)

function timeHelper(
  name: string,
  unit: string,
  result: string,
  convert: (ms: number) => number,
): InlineHelper {
  return {
    ...{ name, usage: 'inline', parameters: [] },
    description: `The time of sending as ${unit} since 1970, or by a pattern.`,
    options: [{ name: 'format', description: 'A pattern as for formatDate.', isConstant: true }],
    example: { template: `{{${name}}}`, result },
    compile(call): Render {
      const format = patternOf(call, 'format')
      if (format !== undefined) return (state) => format(new Date(state.moment.now), state)
      return ({ moment }) => String(convert(moment.now))
    },
  }
}

const uuid: InlineHelper = {
  ...{ name: 'uuid', usage: 'inline', parameters: [], options: [] },
  description: 'A new UUID. A repeated request has the same one.',
  example: { template: '{{uuid}}', result: '00000000-0000-4000-8000-000000000001' },
  compile: () => (state) => spendText(state, state.moment.uuid()),
}

export const inlineHelpers: readonly InlineHelper[] = [
  ...[formatDate, hash, is, join, ...substringHelpers, unixTimestamp, unixTimestampMs, uuid],
]
