/** What is wrong with SQL that a person wrote: the kind of fault and its place. PostgreSQL's own words may quote values. */
import { SourceError, type TextPlace } from '@sluice/connector-sdk'

/** A person's text within the statement that ran. */
export interface WrittenText {
  readonly text: string
  readonly statement: string
  /** How many UTF-16 code units of the statement stand before it. */
  readonly before: number
}

/** Kinds of faults of a text, by SQLSTATE. */
const faults: Readonly<Record<string, string>> = {
  '42601': 'This is not one well-formed statement that selects.',
  '42703': 'This names a column that is not there.',
  '42P01': 'This names a table that is not there. Write its schema before its name, as in public.customers.',
  '3F000': 'This names a schema that is not there.',
  '42883':
    'This uses a function or an operator that does not exist for these types. Cast, or write its schema.',
  '42702': 'This names a column that several tables have. Write the table before it.',
  '42804': 'A value stands where another type is wanted.',
  '42803': 'A column is neither grouped nor aggregated, or an aggregate stands where none may be.',
  '42P02': 'Parameters like $1 have no values here. Write the value itself.',
  '42P11': 'This has to select, and no more: without INTO and without locking rows.',
  '0A000': 'This uses something that is not possible here, for example WITH that writes.',
}

const forbidden: Readonly<Record<string, string>> = {
  '25006': 'This would write to the database, which is not allowed.',
  '42501': 'The role may not read, or not call, what this needs.',
}

/** Anything but a fault of the text is given back as it came. */
export function writtenError(error: unknown, written: WrittenText): unknown {
  if (error instanceof SourceError || !(error instanceof Error) || !('code' in error)) return error
  const state = String(error.code)
  const place = placeOf(error, written)
  const where = place === undefined ? '' : ` Look at line ${place.line}, column ${place.column}.`
  const message = (words: string) => `${words}${where} (SQLSTATE ${state})`
  const refused = forbidden[state]
  if (refused !== undefined) return new SourceError('not_allowed', message(refused), place)
  const words = faults[state] ?? (/^(42|22)/.test(state) ? 'The server does not take this.' : undefined)
  return words === undefined ? error : new SourceError('bad_query', message(words), place)
}

/** The server counts characters from 1. */
function placeOf(error: object, { text, statement, before }: WrittenText): Required<TextPlace> | undefined {
  if (!('position' in error)) return undefined
  const at = [...statement].slice(0, Number(error.position) - 1).join('').length - before
  if (!(at >= 0 && at <= text.length)) return undefined
  const lines = text.slice(0, at).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}
