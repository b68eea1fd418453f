/** A template as a tree. Broken places are reported, and what can be kept is kept, so that all problems come at once. */
import type { TemplateLimits } from './limits.ts'
import type { ProblemCode } from './problem.ts'
import { type Piece, scan, type TagMark, type TagPiece } from './scan.ts'
import { type Call, parseCall } from './tag.ts'

export type Node =
  | { readonly kind: 'text'; readonly start: number; readonly end: number }
  | { readonly kind: 'value'; readonly call: Call; readonly start: number; readonly end: number }
  | SectionNode
  | {
      readonly kind: 'include'
      readonly name: string
      readonly indent: string
      readonly start: number
      readonly end: number
    }

export interface SectionNode {
  readonly kind: 'section'
  readonly isInverted: boolean
  readonly call: Call
  readonly children: readonly Node[]
  readonly start: number
  /** Behind the opening tag. */
  readonly contentStart: number
  readonly contentEnd: number
  readonly end: number
}

export interface ParseProblem {
  readonly code: ProblemCode
  readonly offset: number
  readonly message: string
}

export interface ParsedTemplate {
  readonly name: string
  readonly source: string
  readonly nodes: readonly Node[]
  /** Templates that are defined within with {{+name}}. */
  readonly nested: ReadonlyMap<string, readonly Node[]>
  /** All tags, for editors. */
  readonly tags: readonly TagPiece[]
  readonly problems: readonly ParseProblem[]
}

interface Open {
  readonly piece: TagPiece
  readonly call: Call | undefined
  readonly name: string
  readonly children: Node[]
}

export function parseTemplate(name: string, source: string, limits: TemplateLimits): ParsedTemplate {
  const problems: ParseProblem[] = []
  if (source.length > limits.maxSourceLength) {
    const message = `The template has ${source.length} characters; at most ${limits.maxSourceLength} are allowed.`
    problems.push({ code: 'template_too_large', offset: 0, message })
    return { name, source, nodes: [], nested: new Map(), tags: [], problems }
  }
  const { pieces, problems: syntax } = scan(source)
  problems.push(...syntax)
  const builder = createBuilder(source, limits, problems)
  for (const piece of pieces) builder.add(piece)
  const { nodes, nested } = builder.end()
  const tags = pieces.filter((piece) => piece.kind === 'tag')
  return { name, source, nodes, nested, tags, problems }
}

function createBuilder(source: string, limits: TemplateLimits, problems: ParseProblem[]) {
  const root: Node[] = []
  const nested = new Map<string, readonly Node[]>()
  const stack: Open[] = []
  /** Sections that are open beyond the allowed depth; they are not kept. */
  let tooDeep = 0
  const problem = (code: ProblemCode, offset: number, message: string) => {
    problems.push({ code, offset, message })
  }
  const children = () => stack.at(-1)?.children ?? root

  const callOf = ({ from, to }: TagPiece): Call | undefined => {
    const parsed = parseCall(source, from, to)
    problems.push(...parsed.problems)
    return parsed.call
  }

  const open = (piece: TagPiece) => {
    const isNested = piece.mark === '+'
    const content = source.slice(piece.from, piece.to).trim()
    if (isNested && stack.length > 0) {
      problem('not_supported', piece.start, 'A template can be defined within another one at its top only.')
    }
    if (stack.length === limits.maxDepth) {
      if (tooDeep === 0) problem('too_deep', piece.start, `Sections may go ${limits.maxDepth} deep.`)
      tooDeep += 1
      return
    }
    const call = isNested ? undefined : callOf(piece)
    const name = call === undefined ? firstWord(content) : source.slice(call.path.start, call.path.end)
    stack.push({ piece, call, name, children: [] })
  }

  const finish = ({ piece, call, name, children: own }: Open, contentEnd: number, end: number) => {
    if (piece.mark === '+') {
      if (nested.has(name)) problem('duplicate_template', piece.start, `"${name}" is defined twice.`)
      nested.set(name, own)
    } else if (call !== undefined) {
      const isInverted = piece.mark === '^'
      const { start, end: contentStart } = piece
      children().push({
        kind: 'section',
        isInverted,
        call,
        children: own,
        start,
        contentStart,
        contentEnd,
        end,
      })
    }
  }

  const unclosed = ({ piece, name }: Open) => {
    problem('unclosed_section', piece.start, `"${name}" is never closed: put {{/${name}}} where it ends.`)
  }

  const close = (piece: TagPiece) => {
    if (tooDeep > 0) {
      tooDeep -= 1
      return
    }
    const name = firstWord(source.slice(piece.from, piece.to).trim())
    const index = stack.findLastIndex((each) => each.name === name)
    if (index === -1) {
      const inner = stack.at(-1)
      const hint = inner === undefined ? 'No section is open here' : `The open section is "${inner.name}"`
      problem('unexpected_end', piece.start, `${hint}: remove {{/${name}}}, or open "${name}" before it.`)
      return
    }
    while (stack.length > index) {
      const inner = stack.pop()
      if (inner === undefined) return
      if (stack.length > index) unclosed(inner)
      finish(inner, piece.start, stack.length > index ? piece.start : piece.end)
    }
  }

  const addTag = (piece: TagPiece, mark: TagMark) => {
    const { start, end, from, to, indent } = piece
    switch (mark) {
      case '':
      case '&':
      case '{': {
        const call = callOf(piece)
        if (call !== undefined) children().push({ kind: 'value', call, start, end })
        return
      }
      case '#':
      case '^':
      case '+':
        open(piece)
        return
      case '/':
        close(piece)
        return
      case '>':
        children().push({ kind: 'include', name: source.slice(from, to).trim(), indent, start, end })
        return
      case '<':
      case '$': {
        const message = 'Templates that extend others are not supported: include one with {{>name}}.'
        problem('not_supported', start, message)
        return
      }
      case '!':
      case '=':
    }
  }

  return {
    add(piece: Piece) {
      if (piece.kind === 'tag') addTag(piece, piece.mark)
      else if (piece.end > piece.start) children().push({ kind: 'text', start: piece.start, end: piece.end })
    },
    end() {
      for (let left = stack.pop(); left !== undefined; left = stack.pop()) {
        unclosed(left)
        finish(left, source.length, source.length)
      }
      return { nodes: root, nested }
    },
  }
}

function firstWord(text: string): string {
  return text.split(/\s/, 1)[0] ?? ''
}
