/** What is wrong with SQL that a person wrote: the kind of fault, a name that stands in the text, and where. */
import { SourceError, type TextPlace } from '@sluice/connector-sdk'

/** Where in a text a number of UTF-16 code units ends. */
export function placeAt(text: string, at: number): TextPlace {
  const lines = text.slice(0, at).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

/** `at` is undefined where DuckDB does not tell. */
export function malformed(text: string, at: number | undefined): SourceError {
  const place = at === undefined ? undefined : placeAt(text, Math.min(at, text.length))
  const where = place === undefined ? '' : ` at line ${place.line}, column ${place.column}`
  return new SourceError('bad_query', `This is not well-formed SQL${where}.`, place)
}

const missing: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['column', /^Binder Error: Referenced column "(.+?)" not found/],
  ['table', /^Catalog Error: Table with name (.+?) does not exist!/],
  ['schema', /^Catalog Error: Schema with name (.+?) does not exist!/],
  ['function', /^Catalog Error: (?:[A-Z][a-z]+ )*Function with name (.+?) does not exist!/],
  ['type', /^Catalog Error: Type with name (.+?) does not exist!/],
]

/** Anything but a fault of the text is given back as it came. DuckDB's own words may quote values. */
export function writtenError(error: unknown, text: string): unknown {
  const said = error instanceof Error ? error.message.replace(/^Failed to [a-z ]+: /, '') : ''
  const kind = /^(Binder|Catalog|Parser|Syntax) Error: /.exec(said)?.[1]
  if (kind === undefined) return error
  const line = Number(/\nLINE (\d+): /.exec(said)?.[1] ?? 0)
  const place = line > 0 ? { line } : undefined
  const where = place === undefined ? '' : ` Look at line ${line}.`
  for (const [what, pattern] of missing) {
    const name = pattern.exec(said)?.[1]
    if (name === undefined) continue
    const named = text.includes(name) ? `: “${name}”` : ''
    return new SourceError('bad_query', `This names a ${what} that is not there${named}.${where}`, place)
  }
  return new SourceError('bad_query', `DuckDB does not take this (${kind} Error).${where}`, place)
}
