/** Paths and other arguments as operands: what they name, step by step. */
import type { CompileContext } from './compile-context.ts'
import {
  elementOf,
  entryNames,
  entryPart,
  type Frame,
  groupPart,
  iterationNames,
  iterationPart,
  lookUp,
  missing,
  type NameFact,
  namesOfGroup,
  type Operand,
} from './frames.ts'
import { entrySetOf, postfixes } from './postfix.ts'
import { type SourcePlace, spend } from './render-state.ts'
import type { Argument, PathPart } from './tag.ts'
import { isList, isTally, nameOfType, sameType, type ValueType } from './values.ts'

export function compileArgument(argument: Argument, frame: Frame, context: CompileContext): Operand {
  switch (argument.kind) {
    case 'path': {
      const operand = compilePath(argument.parts, frame, context)
      const [head] = argument.parts
      if (operand.type.kind !== 'accessToken' || head === undefined) return operand
      context.problem('wrong_argument', head.start, onlyWritten)
      return missing
    }
    case 'literal': {
      const { value } = argument
      const kind = typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value
      return { type: { kind: kind as 'string' | 'number' | 'integer' | 'boolean' }, read: () => value }
    }
    case 'list': {
      const items = argument.items.map((item) => compileArgument(item, frame, context))
      const [first] = items
      const isUniform = first !== undefined && items.every(({ type }) => sameType(type, first.type))
      return {
        type: { kind: 'list', element: isUniform ? first.type : { kind: 'any' } },
        read(state) {
          spend(state, items.length)
          return items.map(({ read }) => {
            const value = read(state)
            return isList(value) || isTally(value) ? null : (value ?? null)
          })
        },
      }
    }
  }
}

export function compilePath(parts: readonly PathPart[], frame: Frame, context: CompileContext): Operand {
  const [head, ...rest] = parts
  if (head === undefined) return missing
  let operand = headOf(head, frame, context)
  for (const part of rest) operand = stepTo(part, operand, context)
  if (operand.type.kind !== 'accessToken' || context.obscuredBy === undefined) return operand
  const message = `"${context.obscuredBy}" would hide the access token. ${onlyWritten}`
  context.problem('wrong_argument', head.start, message)
  return missing
}

const onlyWritten =
  'The access token is only known when a request is sent: write it by itself, or with ".toJson", and make nothing of it.'

function headOf(head: PathPart, frame: Frame, context: CompileContext): Operand {
  if (head.name === 'this') {
    const element = elementOf(frame)
    if (element !== undefined) return element
    context.problem(
      'no_element',
      head.start,
      'Only within a section is there an element: name a variable instead.',
    )
    return missing
  }
  const operand = lookUp(frame, head.name)
  if (operand !== undefined) {
    context.noteName(head)
    return operand
  }
  // A postfix helper by itself is about the element.
  const element = elementOf(frame)
  if (element !== undefined && postfixes.has(head.name)) return stepTo(head, element, context)
  const names = [...namesAt(frame).map(({ name }) => name), ...context.helperNames]
  const message = `There is no variable "${head.name}", so that nothing is rendered. ${context.suggest(head.name, names)}`
  context.warning('unknown_variable', head.start, message)
  return missing
}

/** The names that a frame and those around it know, the innermost first. */
export function namesAt(frame: Frame): readonly NameFact[] {
  const outer = frame.parent === undefined ? [] : namesAt(frame.parent)
  return [...frame.names, ...outer.filter(({ name }) => frame.names.every((own) => own.name !== name))]
}

function stepTo(part: PathPart, operand: Operand, context: CompileContext): Operand {
  const { type } = operand
  if (type.kind === 'nothing') return missing
  if (type.kind === 'accessToken' && part.name !== 'toJson') {
    context.problem('wrong_argument', part.start, onlyWritten)
    return missing
  }
  const postfix = postfixes.get(part.name)
  const own = ownPart(part.name, operand)
  if (own !== undefined) return own
  if (postfix !== undefined) {
    const applied = postfix.apply(operand, context.place(part.start))
    if (applied !== undefined) return applied
    const message = `"${part.name}" works on ${postfix.on}; this is ${nameOfType(type)}.`
    context.problem('wrong_argument', part.start, message)
    return missing
  }
  if (type.kind === 'tally') {
    return {
      type: { kind: type.number },
      read: (state) => {
        const tally = operand.read(state)
        return isTally(tally) ? tally.get(part.name) : undefined
      },
    }
  }
  const names = partsOf(type).map(({ name }) => name)
  const message = `${capital(nameOfType(type))} has no "${part.name}", so that nothing is rendered. ${context.suggest(part.name, names)}`
  context.warning('unknown_name', part.start, message)
  return missing
}

function ownPart(name: string, operand: Operand): Operand | undefined {
  const { type, read } = operand
  switch (type.kind) {
    case 'group':
      return groupPart(type, name)
    case 'entry':
      return entryPart(operand, name)
    case 'iteration':
      return iterationPart(operand, name)
    case 'tally':
      return name === 'entrySet' ? entrySetOf(operand) : undefined
    case 'list': {
      if (!/^\d{1,9}$/.test(name)) return undefined
      const index = Number(name)
      return {
        type: type.element,
        read: (state) => {
          const list = read(state)
          return isList(list) ? list[index] : undefined
        },
      }
    }
    default:
      return undefined
  }
}

/** What may follow a value of a type behind a dot. */
export function partsOf(type: ValueType): readonly NameFact[] {
  return [...ownParts(type), ...postfixParts(type)]
}

function ownParts(type: ValueType): readonly NameFact[] {
  switch (type.kind) {
    case 'group':
      return namesOfGroup(type.group, type.level)
    case 'entry':
      return entryNames(type.number)
    case 'iteration':
      return iterationNames
    case 'tally':
      return [{ name: 'entrySet', type: { kind: 'list', element: { kind: 'entry', number: type.number } } }]
    default:
      return []
  }
}

const nowhere: SourcePlace = { template: '', source: '', offset: 0 }

function postfixParts(type: ValueType): readonly NameFact[] {
  return [...postfixes.values()].flatMap((postfix) => {
    if (type.kind === 'accessToken' && postfix.name !== 'toJson') return []
    const applied = postfix.apply({ type, read: () => undefined }, nowhere)
    return applied === undefined ? [] : [{ name: postfix.name, type: applied.type }]
  })
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
