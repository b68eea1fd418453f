/** A template's source as coloured pieces, for highlighting. What is not among them is text. */
import { helpers } from './helpers.ts'
import type { ParsedTemplate } from './parse.ts'
import { postfixes } from './postfix.ts'
import type { TagPiece } from './scan.ts'
import { type Argument, parseCall } from './tag.ts'

export type TokenKind =
  | 'delimiter'
  | 'comment'
  | 'helper'
  | 'variable'
  | 'postfix'
  | 'option'
  | 'string'
  | 'number'
  | 'boolean'
  | 'template'

/** Offsets in UTF-16 code units; tokens are in order and never overlap. */
export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
}

export function tokensOf({ source, tags }: ParsedTemplate): readonly Token[] {
  return tags.flatMap((tag) => tokensOfTag(source, tag))
}

function tokensOfTag(source: string, tag: TagPiece): readonly Token[] {
  const { mark, start, end, from, to } = tag
  if (mark === '!') return [{ kind: 'comment', start, end }]
  if (mark === '=') return [{ kind: 'delimiter', start, end }]
  return [
    { kind: 'delimiter', start, end: from },
    ...contentTokens(source, tag),
    { kind: 'delimiter', start: to, end },
  ]
}

function contentTokens(source: string, { mark, from, to }: TagPiece): readonly Token[] {
  if (mark === '>' || mark === '+' || mark === '<' || mark === '$') {
    const name = source.slice(from, to).trim()
    const start = source.indexOf(name, from)
    return [{ kind: 'template', start, end: start + name.length }]
  }
  const { call } = parseCall(source, from, to)
  if (call === undefined) return []
  const isHelper = call.path.kind === 'path' && call.path.parts.length === 1 && helpers.has(call.name.name)
  const head = isHelper
    ? [{ kind: 'helper' as const, start: call.path.start, end: call.path.end }]
    : argumentTokens(call.path)
  const options = call.options.flatMap(({ name, start, value }) => [
    { kind: 'option' as const, start, end: start + name.length },
    ...argumentTokens(value),
  ])
  return [...head, ...call.args.flatMap(argumentTokens), ...options].toSorted(
    (left, right) => left.start - right.start,
  )
}

function argumentTokens(argument: Argument): readonly Token[] {
  const { start, end } = argument
  switch (argument.kind) {
    case 'literal':
      return [{ kind: typeof argument.value as 'string' | 'number' | 'boolean', start, end }]
    case 'list':
      return argument.items.flatMap(argumentTokens)
    case 'path': {
      const behind = argument.parts.findIndex(({ name }, index) => index > 0 && postfixes.has(name))
      const border = argument.parts[behind]?.start
      if (border === undefined) return [{ kind: 'variable', start, end }]
      return [
        { kind: 'variable', start, end: border - 1 },
        { kind: 'postfix', start: border, end },
      ]
    }
  }
}
