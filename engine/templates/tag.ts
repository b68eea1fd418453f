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

/** What a character begins: blanks, a text in quotes, a list, or a word up to the next of those. */
const wordEnd = /[\s"'=[\],{}()]/

export interface ParsedCall {
  /** Undefined when there is nothing to go on with. */
  readonly call: Call | undefined
  readonly problems: readonly CallProblem[]
}

export function parseCall(source: string, from: number, to: number): ParsedCall {
  const problems: CallProblem[] = []
  const reader = createReader(source, from, to, problems)
  const args: Argument[] = []
  const options: Option[] = []
  reader.skipBlanks()
  const first = reader.argument()
  while (reader.skipBlanks()) {
    const argument = reader.argument()
    if (argument === undefined) continue
    if (argument.kind === 'path' && reader.take('=')) {
      const value = reader.argument()
      const name = source.slice(argument.start, argument.end)
      if (value !== undefined) options.push({ name, start: argument.start, value })
      else if (problems.length === 0) {
        const message = `"${name}=" has no value: put one right behind it, for example ${name}="text".`
        problems.push({ code: 'malformed_tag', offset: argument.start, message })
      }
    } else args.push(argument)
  }
  const [name] = first?.kind === 'path' ? first.parts : []
  if (first === undefined || name === undefined) {
    if (problems.length === 0) {
      const message = 'A tag begins with the name of a variable or a helper.'
      problems.push({ code: 'malformed_tag', offset: from, message })
    }
    return { call: undefined, problems }
  }
  return { call: { name, path: first, args, options, start: first.start, end: to }, problems }
}

function createReader(source: string, from: number, to: number, problems: CallProblem[]) {
  let at = from
  const problem = (code: CallProblem['code'], offset: number, message: string) => {
    problems.push({ code, offset, message })
  }
  /** Whether something follows. */
  const skipBlanks = () => {
    while (at < to && /\s/.test(source.charAt(at))) at += 1
    return at < to
  }
  const take = (letter: string) => {
    if (at >= to || source.charAt(at) !== letter) return false
    at += 1
    return true
  }
  const quoted = (quote: string): Argument => {
    const start = at
    const end = source.indexOf(quote, at + 1)
    const isClosed = end !== -1 && end < to
    if (!isClosed) problem('unclosed_text', start, `The text is never closed: put ${quote} behind it.`)
    at = isClosed ? end + 1 : to
    return { kind: 'literal', value: source.slice(start + 1, isClosed ? end : to), start, end: at }
  }
  const word = (): Argument | undefined => {
    const start = at
    while (at < to && !wordEnd.test(source.charAt(at))) at += 1
    if (at === start) {
      problem('malformed_tag', at, `"${source.charAt(at)}" has no meaning here.`)
      at += 1
      return undefined
    }
    const text = source.slice(start, at)
    if (text === 'true' || text === 'false')
      return { kind: 'literal', value: text === 'true', start, end: at }
    if (/^[+-]?\d+(\.\d+)?[lL]?$/.test(text)) {
      return { kind: 'literal', value: Number(text.replace(/[lL]$/, '')), start, end: at }
    }
    return { kind: 'path', parts: pathParts(text, start), start, end: at }
  }
  const argument = (): Argument | undefined => {
    const letter = at < to ? source.charAt(at) : ''
    if (letter === '"' || letter === "'") return quoted(letter)
    return letter === '[' ? list() : letter === '' ? undefined : word()
  }
  const list = (): Argument => {
    const start = at
    at += 1
    const items: Argument[] = []
    for (;;) {
      if (!skipBlanks()) {
        problem('malformed_tag', start, 'The list is never closed: put ] behind it.')
        break
      }
      if (take(']')) break
      if (take(',')) continue
      if (source.charAt(at) === '[') {
        problem('malformed_tag', at, 'A list within a list is not supported.')
        at += 1
        continue
      }
      const item = argument()
      if (item !== undefined) items.push(item)
    }
    return { kind: 'list', items, start, end: at }
  }
  return { skipBlanks, take, argument }
}

/** `.` alone and `this` are the element, which is the path without parts but its name. */
export function pathParts(text: string, start: number): readonly PathPart[] {
  if (/^\.+$/.test(text)) return [{ name: 'this', start }]
  const parts: PathPart[] = []
  let at = start
  for (const name of text.split('.')) {
    if (name !== '') parts.push({ name, start: at })
    at += name.length + 1
  }
  return parts
}
