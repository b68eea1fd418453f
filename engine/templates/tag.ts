/** What stands within a tag: a path or a helper with its arguments. */

/** A piece of a path, for example `items` and `name` in `items.name`. */
export interface PathPart {
  readonly name: string
  readonly start: number
}

export type Argument =
  | {
      readonly kind: 'path'
      readonly parts: readonly PathPart[]
      readonly start: number
      readonly end: number
    }
  | {
      readonly kind: 'literal'
      readonly value: string | number | boolean
      readonly start: number
      readonly end: number
    }
  | {
      readonly kind: 'list'
      readonly items: readonly Argument[]
      readonly start: number
      readonly end: number
    }

export interface Option {
  readonly name: string
  readonly start: number
  readonly value: Argument
}

/** `name arg arg option=arg`. Whether the name is a helper or a variable is decided later. */
export interface Call {
  readonly name: PathPart
  readonly path: Argument
  readonly args: readonly Argument[]
  readonly options: readonly Option[]
  readonly start: number
  readonly end: number
}

export interface CallProblem {
  readonly code: 'malformed_tag' | 'unclosed_text'
  readonly offset: number
  readonly message: string
}

export interface ParsedCall {
  /** Undefined when there is nothing to go on with. */
  readonly call: Call | undefined
  readonly problems: readonly CallProblem[]
}

interface Cursor {
  readonly source: string
  readonly to: number
  readonly problems: CallProblem[]
  at: number
}

export function parseCall(source: string, from: number, to: number): ParsedCall {
  const cursor: Cursor = { source, to, problems: [], at: from }
  const { problems } = cursor
  const args: Argument[] = []
  const options: Option[] = []
  skipBlanks(cursor)
  const first = argument(cursor)
  while (skipBlanks(cursor)) {
    const next = argument(cursor)
    if (next === undefined) continue
    if (next.kind === 'path' && take(cursor, '=')) {
      const option = optionAfter(cursor, next)
      if (option !== undefined) options.push(option)
    } else args.push(next)
  }
  const name = first?.kind === 'path' ? first.parts[0] : undefined
  if (first === undefined || name === undefined) {
    if (problems.length === 0) {
      problem(cursor, 'malformed_tag', from, 'A tag begins with the name of a variable or a helper.')
    }
    return { call: undefined, problems }
  }
  return { call: { name, path: first, args, options, start: first.start, end: to }, problems }
}

function optionAfter(cursor: Cursor, { start, end }: Argument): Option | undefined {
  const name = cursor.source.slice(start, end)
  const value = argument(cursor)
  if (value !== undefined) return { name, start, value }
  if (cursor.problems.length === 0) {
    const message = `"${name}=" has no value: put one right behind it, for example ${name}="text".`
    problem(cursor, 'malformed_tag', start, message)
  }
  return undefined
}

function problem({ problems }: Cursor, code: CallProblem['code'], offset: number, message: string): void {
  problems.push({ code, offset, message })
}

const blanks = new Set(' \n\t\r\f\v\u00a0')
/** What ends a word, beside blanks. */
const signs = new Set('"\'=[](){},')

/** Whether something follows. */
function skipBlanks(cursor: Cursor): boolean {
  while (cursor.at < cursor.to && blanks.has(cursor.source.charAt(cursor.at))) cursor.at += 1
  return cursor.at < cursor.to
}

function take(cursor: Cursor, letter: string): boolean {
  if (cursor.at >= cursor.to || cursor.source.charAt(cursor.at) !== letter) return false
  cursor.at += 1
  return true
}

function argument(cursor: Cursor): Argument | undefined {
  const letter = cursor.at < cursor.to ? cursor.source.charAt(cursor.at) : ''
  if (letter === '"' || letter === "'") return quoted(cursor, letter)
  if (letter === '[') return list(cursor)
  return letter === '' ? undefined : word(cursor)
}

function quoted(cursor: Cursor, quote: string): Argument {
  const { source, to, at: start } = cursor
  const end = source.indexOf(quote, start + 1)
  const isClosed = end !== -1 && end < to
  if (!isClosed) problem(cursor, 'unclosed_text', start, `The text is never closed: put ${quote} behind it.`)
  cursor.at = isClosed ? end + 1 : to
  return { kind: 'literal', value: source.slice(start + 1, isClosed ? end : to), start, end: cursor.at }
}

function word(cursor: Cursor): Argument | undefined {
  const { source, to, at: start } = cursor
  let end = start
  while (end < to && !blanks.has(source.charAt(end)) && !signs.has(source.charAt(end))) end += 1
  if (end === start) {
    problem(cursor, 'malformed_tag', start, `"${source.charAt(start)}" has no meaning here.`)
    cursor.at += 1
    return undefined
  }
  cursor.at = end
  const text = source.slice(start, end)
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', start, end }
  if (/^[+-]?\d+(?:\.\d+)?[lL]?$/.test(text)) {
    return { kind: 'literal', value: Number(text.replace(/[lL]$/, '')), start, end }
  }
  return { kind: 'path', parts: pathParts(text, start), start, end }
}

function list(cursor: Cursor): Argument {
  const start = cursor.at
  cursor.at += 1
  const items: Argument[] = []
  for (;;) {
    if (!skipBlanks(cursor)) {
      problem(cursor, 'malformed_tag', start, 'The list is never closed: put ] behind it.')
      break
    }
    if (take(cursor, ']')) break
    if (take(cursor, ',')) continue
    if (take(cursor, '[')) {
      problem(cursor, 'malformed_tag', cursor.at - 1, 'A list within a list is not supported.')
      continue
    }
    const item = argument(cursor)
    if (item !== undefined) items.push(item)
  }
  return { kind: 'list', items, start, end: cursor.at }
}

/** `.` alone and `this` are the element, which is the path without parts but its name. */
export function pathParts(text: string, start: number): readonly PathPart[] {
  if (text === '.') return [{ name: 'this', start }]
  if (!text.includes('.')) return [{ name: text, start }]
  const parts: PathPart[] = []
  let at = start
  for (const name of text.split('.')) {
    if (name !== '') parts.push({ name, start: at })
    at += name.length + 1
  }
  return parts
}
