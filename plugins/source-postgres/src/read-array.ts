/** Takes the server's text of an array apart. */
import { SourceError } from '@sluice/connector-sdk'

/** The elements as texts. An array of several dimensions has no list to become, and is refused. */
export function readArray(text: string, columnName: string): (string | null)[] {
  // Where it does not count from 1, its bounds stand before it.
  let at = text.startsWith('[') ? text.indexOf('=') + 1 : 0
  at += 1
  const elements: (string | null)[] = []
  while (at < text.length && text[at] !== '}') {
    if (text[at] === '{') {
      throw new SourceError(
        'bad_file',
        `Column “${columnName}” holds an array of several dimensions. Make it a list, or a text, in a view.`,
      )
    }
    const element = text[at] === '"' ? quotedAt(text, at) : plainAt(text, at)
    elements.push(element.value)
    // Past the comma between two.
    at = text[element.end] === ',' ? element.end + 1 : element.end
  }
  return elements
}

interface Element {
  readonly value: string | null
  readonly end: number
}

function plainAt(text: string, start: number): Element {
  let end = start
  while (end < text.length && text[end] !== ',' && text[end] !== '}') end += 1
  const word = text.slice(start, end)
  return { value: word === 'NULL' ? null : word, end }
}

/** In quotes, a backslash stands before each quote and backslash. */
function quotedAt(text: string, start: number): Element {
  let end = start + 1
  let hasEscapes = false
  while (end < text.length && text[end] !== '"') {
    if (text[end] === '\\') {
      hasEscapes = true
      end += 1
    }
    end += 1
  }
  const inner = text.slice(start + 1, end)
  return { value: hasEscapes ? inner.replace(/\\(.)/gs, '$1') : inner, end: end + 1 }
}
