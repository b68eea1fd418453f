/** Where a text stops being JSON. The parser that is built in says so only in words, and repeats the text in them. */

/** The offset of the first character that does not belong; undefined when all is well. */
export function whereNotJson(text: string): number | undefined {
  const closers: ('}' | ']')[] = []
  let at = skipBlanks(text, 0)
  let expected: 'value' | 'name' | 'end' = 'value'
  /** After an opening bracket it may close at once. */
  let mayClose = false
  for (;;) {
    const letter = text.charAt(at)
    const closer = closers.at(-1)
    if (expected === 'end') {
      if (closer === undefined) return at === text.length ? undefined : at
      if (letter === ',') {
        expected = closer === '}' ? 'name' : 'value'
        mayClose = false
        at = skipBlanks(text, at + 1)
        continue
      }
      if (letter !== closer) return at
    }
    if (letter === closer && (expected === 'end' || mayClose)) {
      closers.pop()
      expected = 'end'
      mayClose = false
      at = skipBlanks(text, at + 1)
      continue
    }
    if (expected === 'name') {
      const end = endOfText(text, at)
      if (end === undefined) return at
      const colon = skipBlanks(text, end)
      if (text.charAt(colon) !== ':') return colon
      expected = 'value'
      mayClose = false
      at = skipBlanks(text, colon + 1)
      continue
    }
    if (letter === '{' || letter === '[') {
      closers.push(letter === '{' ? '}' : ']')
      expected = letter === '{' ? 'name' : 'value'
      mayClose = true
      at = skipBlanks(text, at + 1)
      continue
    }
    const end = endOfText(text, at) ?? match(plainValue, text, at)
    if (end === undefined) return at
    expected = 'end'
    mayClose = false
    at = skipBlanks(text, end)
  }
}

const plainValue = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const blanks = /[ \t\r\n]*/y

/** Behind the closing quote; undefined when there is no sound text in quotes. */
function endOfText(text: string, start: number): number | undefined {
  if (text.charAt(start) !== '"') return undefined
  for (let at = start + 1; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (letter === '"') return at + 1
    if (letter < ' ') return undefined
    if (letter !== '\\') continue
    const end = match(escaped, text, at)
    if (end === undefined) return undefined
    at = end - 1
  }
  return undefined
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

function skipBlanks(text: string, at: number): number {
  return match(blanks, text, at) ?? at
}
