/** An include that stands alone on its line hands its blanks to every line of what it includes. */

export interface Indentation {
  readonly text: string
  isAtLineStart: boolean
}

/** A constant text with the blanks before each line that begins in it. */
export function indented(text: string, indentation: Indentation | undefined): string {
  if (indentation === undefined || text === '') return text
  const lines = text.split('\n')
  const out = lines
    .map((line, index) => {
      const begins = index > 0 || indentation.isAtLineStart
      const isOpen = index === lines.length - 1 && line === ''
      return begins && !isOpen ? indentation.text + line : line
    })
    .join('\n')
  indentation.isAtLineStart = text.endsWith('\n')
  return out
}

/** What stands before a value that begins a line. */
export function indentHere(indentation: Indentation | undefined): string {
  if (indentation?.isAtLineStart !== true) return ''
  indentation.isAtLineStart = false
  return indentation.text
}
