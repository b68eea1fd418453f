/** A source as texts and tags, in one pass; what is broken is reported and the scan goes on behind it. */

/** What stands behind the opening braces; empty for a variable or an inline helper. */
export type TagMark = '' | '#' | '^' | '/' | '!' | '>' | '&' | '{' | '=' | '+' | '<' | '$'

export interface TextPiece {
  readonly kind: 'text'
  start: number
  end: number
}

export interface TagPiece {
  readonly kind: 'tag'
  readonly mark: TagMark
  readonly start: number
  readonly end: number
  /** Where the content begins and ends, without mark and delimiters. */
  readonly from: number
  readonly to: number
  /** Of an include that stands alone on its line: the blanks before it. */
  indent: string
}

export type Piece = TextPiece | TagPiece

export interface SyntaxProblem {
  readonly code: 'unclosed_tag' | 'empty_tag' | 'malformed_tag' | 'bad_delimiters'
  readonly offset: number
  readonly message: string
}

export interface Scan {
  readonly pieces: readonly Piece[]
  readonly problems: readonly SyntaxProblem[]
}

const marks = new Set('#^/!>&{=+<$')
const usualOpen = '{{'
const usualClose = '}}'

export function scan(source: string): Scan {
  const pieces: Piece[] = []
  const problems: SyntaxProblem[] = []
  let open = usualOpen
  let close = usualClose
  let lastClose = source.lastIndexOf(close)
  let at = 0
  const text = (end: number) => {
    if (end > at) pieces.push({ kind: 'text', start: at, end })
  }
  const problem = (code: SyntaxProblem['code'], offset: number, message: string) => {
    problems.push({ code, offset, message })
  }
  for (;;) {
    const start = source.indexOf(open, at)
    if (start === -1) break
    text(start)
    const inside = start + open.length
    const first = source.charAt(inside)
    const isUsual = open === usualOpen && close === usualClose
    const mark = (marks.has(first) && (first !== '{' || isUsual) ? first : '') as TagMark
    const from = inside + mark.length
    const to = from > lastClose ? undefined : endOfTag(source, from, mark, open, close)
    if (to === undefined) {
      problem('unclosed_tag', start, `The tag is never closed: put ${close} behind it.`)
      at = inside
      continue
    }
    let end = to + close.length
    if (mark === '{') {
      if (source.charAt(end) === '}') end += 1
      else {
        const message =
          'Three opening braces need three closing ones. If the first is text, put a blank behind it.'
        problem('malformed_tag', start, message)
      }
    }
    const content = source.slice(from, to).trim()
    if (content === '' && mark !== '!') {
      problem('empty_tag', start, 'The tag is empty: put the name of a variable or a helper into it.')
    } else if (mark === '=') {
      const delimiters = /^(?<open>\S+)\s+(?<close>\S+)\s*=$/.exec(content)?.groups
      if (delimiters === undefined || /=/.test(`${delimiters['open']}${delimiters['close']}`)) {
        const message =
          'New delimiters are written like {{=<% %>=}}: two signs with a blank between, no "=" in them.'
        problem('bad_delimiters', start, message)
      } else {
        open = delimiters['open'] ?? open
        close = delimiters['close'] ?? close
        lastClose = source.lastIndexOf(close)
      }
    }
    if (content !== '' || mark === '!') pieces.push({ kind: 'tag', mark, start, end, from, to, indent: '' })
    at = end
  }
  text(source.length)
  dropStandaloneLines(source, pieces)
  return { pieces, problems }
}

/** Where the closing delimiter is; undefined when another tag comes first. The caller knows that there is one somewhere. */
function endOfTag(
  source: string,
  from: number,
  mark: TagMark,
  open: string,
  close: string,
): number | undefined {
  const first = source.indexOf(close, from)
  if (mark === '!' || mark === '=' || close.includes(open)) return first
  const next = source.indexOf(open, from)
  const bound = next === -1 ? source.length : next
  if (first === -1 || first >= bound) return undefined
  if (!hasQuote(source, from, first)) return first
  let quote = ''
  for (let at = from; at < bound; at += 1) {
    const letter = source.charAt(at)
    if (quote === '' && source.startsWith(close, at)) return at
    if (letter === quote) quote = ''
    else if (quote === '' && (letter === '"' || letter === "'")) quote = letter
  }
  // A text that is never closed: the tag's parser will say so.
  return first
}

function hasQuote(source: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = source.charCodeAt(at)
    if (code === 0x22 || code === 0x27) return true
  }
  return false
}

/** Lines that hold nothing but tags which render nothing themselves go, with their line breaks. */
function dropStandaloneLines(source: string, pieces: readonly Piece[]): void {
  let tags: TagPiece[] = []
  let blanks: TextPiece[] = []
  let indent = ''
  /** The text that the line begins in, and where; undefined for the first line. */
  let head: { readonly piece: TextPiece; readonly from: number } | undefined
  let isStandalone = true
  const drop = () => {
    if (!isStandalone || tags.length === 0) return false
    if (head !== undefined) head.piece.end = head.from
    for (const blank of blanks) blank.end = blank.start
    const include = tags.find(({ mark }) => mark === '>')
    if (include !== undefined) include.indent = indent
    return true
  }
  for (const piece of pieces) {
    if (piece.kind === 'tag') {
      tags.push(piece)
      isStandalone &&= rendersNothing(piece)
      continue
    }
    const { start, end } = piece
    const lineBreak = source.indexOf('\n', start)
    if (lineBreak === -1 || lineBreak >= end) {
      const text = source.slice(start, end)
      isStandalone &&= isBlank(text)
      if (tags.length === 0) indent = text
      blanks.push(piece)
      continue
    }
    isStandalone &&= isBlank(source.slice(start, lineBreak))
    if (drop()) piece.start = lineBreak + 1
    const from = source.lastIndexOf('\n', end - 1) + 1
    head = { piece, from }
    indent = source.slice(from, end)
    isStandalone = isBlank(indent)
    tags = []
    blanks = []
  }
  drop()
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}

function rendersNothing({ mark }: TagPiece): boolean {
  return mark !== '' && mark !== '&' && mark !== '{'
}
