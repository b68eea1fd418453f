/** What a helper is to the compiler, and whether a call fits its signature. */
import type { CompileContext } from './compile-context.ts'
import type { Frame, Operand } from './frames.ts'
import type { CallFact } from './helper-fact.ts'
import { compileArgument } from './paths.ts'
import type { Render, SourcePlace } from './render-state.ts'
import type { Argument, Call } from './tag.ts'

export interface CallOperand extends Operand {
  /** Where it is written out: what it says. */
  readonly literal: string | number | boolean | undefined
  readonly start: number
}

/** A call that fits the signature of its helper. */
export interface CompiledCall {
  readonly args: readonly CallOperand[]
  readonly options: ReadonlyMap<string, CallOperand>
  readonly frame: Frame
  readonly place: SourcePlace
  readonly context: CompileContext
}

export interface InlineHelper extends CallFact {
  readonly usage: 'inline'
  compile(call: CompiledCall): Render
}

/** Renders its content once, makes a text of it, or leaves it out. */
export interface BlockHelper extends CallFact {
  readonly usage: 'block'
  /** Makes another text of its content, whose characters no longer are those of the template. */
  readonly isLeaf?: true
  /** In what it makes of its content nothing of that can be found. */
  readonly obscures?: true
  /** `content` compiles what is between the tags, in a frame of the helper's choice. */
  compile(call: CompiledCall, content: (frame: Frame) => Render): Render
}

/** Undefined when the call does not fit; why is reported. */
export function compileCall(
  helper: CallFact,
  call: Call,
  frame: Frame,
  context: CompileContext,
): CompiledCall | undefined {
  const before = context.gathered.problems.length
  const operand = (argument: Argument): CallOperand => ({
    ...compileArgument(argument, frame, context),
    literal: argument.kind === 'literal' ? argument.value : undefined,
    start: argument.start,
  })
  const args = call.args.map(operand)
  checkCount(helper, call, context)
  const options = new Map<string, CallOperand>()
  for (const { name, start, value } of call.options) {
    const fact = helper.options.find((each) => each.name === name)
    if (fact === undefined) {
      const names = helper.options.map((each) => each.name)
      const message = `"${helper.name}" takes no "${name}". ${names.length === 0 ? 'Remove it.' : context.suggest(name, names)}`
      context.problem('unknown_argument', start, message)
      continue
    }
    const compiled = operand(value)
    options.set(name, compiled)
    if ((fact.isConstant === true || fact.values !== undefined) && compiled.literal === undefined) {
      context.problem('wrong_argument', value.start, `Write "${name}" as a text in quotes.`)
    } else if (fact.values !== undefined && !fact.values.includes(String(compiled.literal))) {
      const message = `"${name}" cannot be this. ${context.suggest(String(compiled.literal), fact.values)}`
      context.problem('wrong_argument', value.start, message)
    }
  }
  // A misspelt option is likely the one that is missing.
  const isMisspelt = call.options.some(({ name }) => helper.options.every((each) => each.name !== name))
  for (const { name, isRequired } of isMisspelt ? [] : helper.options) {
    if (isRequired !== true || call.options.some((each) => each.name === name)) continue
    context.problem('missing_argument', call.start, `"${helper.name}" needs ${name}="…".`)
  }
  const isFit = context.gathered.problems.slice(before).every(({ severity }) => severity === 'warning')
  return isFit ? { args, options, frame, place: context.place(call.start), context } : undefined
}

function checkCount({ name, parameters }: CallFact, { args, start }: Call, context: CompileContext): void {
  const required = parameters.filter(({ isRequired }) => isRequired)
  if (args.length < required.length) {
    const absent = required.slice(args.length).map((each) => `"${each.name}" (${each.description})`)
    context.problem('missing_argument', start, `"${name}" needs ${absent.join(' and ')}.`)
  }
  const extra = args[parameters.length]
  if (extra === undefined || parameters.at(-1)?.isRepeated === true) return
  const message = `"${name}" takes ${parameters.length === 0 ? 'nothing' : `at most ${parameters.length}`} beside its options: remove what is too much.`
  context.problem('too_many_arguments', extra.start, message)
}
