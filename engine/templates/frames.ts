/** Which names are known where: the variables, and what each enclosing section adds. */
import type { Read, RenderState } from './render-state.ts'
import {
  type Entry,
  entriesOf,
  isEntry,
  isList,
  isTally,
  nothing,
  type Value,
  type ValueType,
  type Variable,
  type VariableGroup,
} from './values.ts'

/** What a path names: its type, and how a render gets its value. */
export interface Operand {
  readonly type: ValueType
  readonly read: Read
}

export interface NameFact {
  readonly name: string
  readonly type: ValueType
}

export interface Frame {
  readonly parent: Frame | undefined
  /** How many frames below have an element. */
  readonly level: number
  /** What `.` is; undefined where a frame has no element. */
  readonly element: Operand | undefined
  /** What the frame itself knows by a name. */
  find(name: string): Operand | undefined
  /** Of a tally, whose names only a record knows. */
  readonly findWhileRendering?: (name: string) => Read
  readonly names: readonly NameFact[]
}

export const missing: Operand = { type: nothing, read: () => undefined }

/** Looks a name up from the innermost frame outwards. */
export function lookUp(frame: Frame, name: string): Operand | undefined {
  const own = frame.find(name)
  if (own !== undefined) return own
  const outer = frame.parent === undefined ? undefined : lookUp(frame.parent, name)
  if (frame.findWhileRendering === undefined) return outer
  const inTally = frame.findWhileRendering(name)
  if (outer === undefined) return { type: { kind: 'number' }, read: inTally }
  const { kind } = outer.type
  // A name that has parts, or is a date, stays what it is outside: its type must be known.
  if (kind !== 'number' && kind !== 'integer' && kind !== 'string' && kind !== 'boolean') return outer
  const type: ValueType = kind === 'number' ? outer.type : { kind: 'any' }
  return { type, read: (state) => inTally(state) ?? outer.read(state) }
}

/** The innermost element. */
export function elementOf(frame: Frame): Operand | undefined {
  return frame.element ?? (frame.parent === undefined ? undefined : elementOf(frame.parent))
}

export function rootFrame(group: VariableGroup): Frame {
  const find = (name: string) => findInGroup(group, name)
  return { parent: undefined, level: 0, element: undefined, find, names: namesOfGroup(group) }
}

/** A section that renders once, about one value: a text, a tally, an entry, a group without lists. */
export function valueFrame(parent: Frame, type: ValueType): Frame {
  const { level } = parent
  const read: Read = (state) => state.elements[level]
  const element = { type, read }
  const base = { parent, level: level + 1, element }
  switch (type.kind) {
    case 'group':
      return { ...base, find: (name) => groupPart(type, name), names: namesOfGroup(type.group, type.level) }
    case 'entry':
      return { ...base, find: (name) => entryPart(element, name), names: entryNames(type.number) }
    case 'tally':
      return {
        ...base,
        find: () => undefined,
        names: [],
        findWhileRendering: (name) => (state) => {
          const value = read(state)
          return isTally(value) ? value.get(name) : undefined
        },
      }
    default:
      return { ...base, find: () => undefined, names: [] }
  }
}

/** A section's turn at each element of a list, with `iter` and, if it is given, a name for the element. */
export function turnFrame(parent: Frame, type: ValueType, alias: string | undefined): Frame {
  const { level } = parent
  const iteration = iterationFrame(parent, level, alias === undefined ? [] : [{ name: alias, type }])
  return valueFrame(iteration, type)
}

/** A section's turn at each row of a group of lists. */
export function rowFrame(parent: Frame, group: VariableGroup, alias: string | undefined): Frame {
  const { level } = parent
  const row = { kind: 'group', group, level } as const
  const iteration = iterationFrame(parent, level, alias === undefined ? [] : [{ name: alias, type: row }])
  const find = (name: string) => groupPart(row, name)
  const names = namesOfGroup(group, level)
  return { parent: iteration, level: level + 1, element: { type: row, read: () => true }, find, names }
}

/** A variable or a group of a group; of a row, what the lists have in it. */
export function groupPart(
  { group, level }: Extract<ValueType, { readonly kind: 'group' }>,
  name: string,
): Operand | undefined {
  const variable = group.variables.get(name)
  return variable === undefined || level === undefined ? findInGroup(group, name) : cellOf(variable, level)
}

/** A list's element in the row that the section is at; what is no list is the same in every row. */
function cellOf({ slot, type }: Variable, level: number): Operand {
  if (type.kind !== 'list') return { type, read: (state) => state.values[slot] }
  return {
    type: type.element,
    read: (state) => {
      const list = state.values[slot]
      return isList(list) ? list[state.turns[level] ?? 0] : undefined
    },
  }
}

const iterationParts: ReadonlyMap<
  string,
  { readonly type: ValueType; read(turn: number, size: number): Value }
> = new Map([
  ['index', { type: { kind: 'integer' }, read: (turn) => turn + 1 }],
  ['position', { type: { kind: 'integer' }, read: (turn) => turn }],
  ['isFirst', { type: { kind: 'boolean' }, read: (turn) => turn === 0 }],
  ['isLast', { type: { kind: 'boolean' }, read: (turn, size) => turn === size - 1 }],
  ['hasNext', { type: { kind: 'boolean' }, read: (turn, size) => turn < size - 1 }],
  ['isOdd', { type: { kind: 'boolean' }, read: (turn) => turn % 2 === 0 }],
  ['isEven', { type: { kind: 'boolean' }, read: (turn) => turn % 2 === 1 }],
  ['indexParity', { type: { kind: 'string' }, read: (turn) => (turn % 2 === 0 ? 'odd' : 'even') }],
])

export const iterationNames: readonly NameFact[] = [...iterationParts].map(([name, { type }]) => ({
  name,
  type,
}))

/** Other spellings of the reference's engine. */
const iterationKeywords: ReadonlyMap<string, string> = new Map([
  ['iterIndex', 'index'],
  ['iterHasNext', 'hasNext'],
  ['iterIsFirst', 'isFirst'],
  ['iterIsLast', 'isLast'],
])

/** A part of `iter`. Its operand reads the level of the turn, so that `iter` can be passed on. */
export function iterationPart(iteration: Operand, name: string): Operand | undefined {
  const part = iterationParts.get(name)
  if (part === undefined) return undefined
  return {
    type: part.type,
    read: (state) => {
      const level = iteration.read(state)
      if (typeof level !== 'number') return undefined
      return part.read(state.turns[level] ?? 0, state.sizes[level] ?? 0)
    },
  }
}

function iterationFrame(parent: Frame, level: number, aliases: readonly NameFact[]): Frame {
  const iteration: Operand = { type: { kind: 'iteration' }, read: () => level }
  const find = (name: string) => {
    if (name === 'iter') return iteration
    const [alias] = aliases
    if (alias?.name === name) return { type: alias.type, read: (state: RenderState) => state.elements[level] }
    const keyword = iterationKeywords.get(name)
    return keyword === undefined ? undefined : iterationPart(iteration, keyword)
  }
  return {
    parent,
    level,
    element: undefined,
    find,
    names: [{ name: 'iter', type: iteration.type }, ...aliases],
  }
}

/** A variable or a group of variables. */
function findInGroup(group: VariableGroup, name: string): Operand | undefined {
  const variable = group.variables.get(name)
  if (variable !== undefined) {
    const { slot, type } = variable
    return { type, read: (state) => state.values[slot] }
  }
  const inner = group.groups.get(name)
  if (inner === undefined) return undefined
  const slots = slotsIn(inner)
  const read: Read = (state) => slots.some((slot) => isPresent(state.values[slot])) || undefined
  return { type: { kind: 'group', group: inner }, read }
}

function slotsIn(group: VariableGroup): readonly number[] {
  const own = [...group.variables.values()].map(({ slot }) => slot)
  return [...own, ...[...group.groups.values()].flatMap(slotsIn)]
}

export function namesOfGroup(group: VariableGroup, level?: number): readonly NameFact[] {
  const variables = [...group.variables].map(([name, { type }]) => {
    return { name, type: level !== undefined && type.kind === 'list' ? type.element : type }
  })
  const groups = [...group.groups].map(([name, inner]) => ({
    name,
    type: { kind: 'group', group: inner } as const,
  }))
  return [...variables, ...groups]
}

export function entryNames(number: 'number' | 'integer'): readonly NameFact[] {
  return [
    { name: 'key', type: { kind: 'string' } },
    { name: 'value', type: { kind: number } },
  ]
}

/** `key` and `value` of an entry of a tally. */
export function entryPart({ type, read }: Operand, name: string): Operand | undefined {
  if (type.kind !== 'entry' || (name !== 'key' && name !== 'value')) return undefined
  const part: ValueType = { kind: name === 'key' ? 'string' : type.number }
  return {
    type: part,
    read: (state) => {
      const entry = read(state)
      return isEntry(entry) ? entry[name] : undefined
    },
  }
}

/** What a section renders for: what is there, is not false and not empty. */
export function isPresent(value: Value): boolean {
  if (value === null || value === undefined || value === false || value === '') return false
  if (isList(value)) return value.length > 0
  return isTally(value) ? value.size > 0 : true
}

export function entryList(value: Value): readonly Entry[] {
  return isTally(value) ? entriesOf(value) : []
}
