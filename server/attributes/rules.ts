/** What an attribute may be called, how many there may be, and what keeps one from going. */
import { z } from 'zod'
import type { AttributedColumn } from '../../engine/documents.ts'
import { DomainError } from '../problems/rules.ts'
import { isStorable } from '../workspaces/rules.ts'

export const mostAttributes = 500

/** Columns give their names, so that it may be anything that a column can be called. */
const longestName = 500
const longestNotes = 2000

export const attributeNameSchema = z
  .string()
  .min(1, 'Give it a name.')
  .max(longestName, `The name of an attribute has at most ${longestName} characters.`)
  .refine(isStorable, {
    error: 'Remove the NUL characters and broken surrogate pairs from the name.',
    params: { code: 'invalid_text' },
  })

export const attributeNotesSchema = z
  .string()
  .max(longestNotes, `Notes have at most ${longestNotes} characters.`)
  .refine(isStorable, {
    error: 'Remove the NUL characters and broken surrogate pairs from the notes.',
    params: { code: 'invalid_text' },
  })

/** PostgreSQL cuts longer names, in bytes. */
const shortestCut = 63

/**
 * Whether a database may take two names for one: some leave case out of account, some cut long names. As the names of
 * columns they never meet; as new names in one query they would.
 */
export function areOneName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase() || cut(a) === cut(b)
}

function cut(name: string): string {
  return Buffer.from(name).subarray(0, shortestCut).toString('latin1')
}

/** What someone says of a column, by its own name; null: it is ignored. */
export interface ColumnAttribute {
  readonly column: string
  readonly attribute: string | null
}

/** As a data source has them. */
export interface NamedColumns {
  readonly columns: readonly AttributedColumn[]
  readonly ignoredColumns: readonly string[]
}

export const attributeUsers = ['DataSource', 'Segment', 'Action', 'Template'] as const

/** Who reads or feeds an attribute, in the working copy. */
export interface AttributeUse {
  readonly user: (typeof attributeUsers)[number]
  readonly id: string
  readonly name: string
  /** The column of a data source that feeds it; null for all others. */
  readonly column: string | null
}

export class AttributeInUse extends DomainError {
  override readonly name = 'AttributeInUse'
  readonly code = 'attribute_in_use'
  readonly uses: readonly AttributeUse[]
  constructor(name: string, uses: readonly AttributeUse[]) {
    const users = uses.map((use) => `${wordsOf[use.user]} "${use.name}"`).join(', ')
    super(`The attribute "${name}" is used by ${users}. Take it out there before it is deleted.`)
    this.uses = uses
  }
}

const wordsOf: Readonly<Record<AttributeUse['user'], string>> = {
  DataSource: 'the data source',
  Segment: 'the segment',
  Action: 'the action',
  Template: 'the template',
}

export class TooManyAttributes extends DomainError {
  override readonly name = 'TooManyAttributes'
  readonly code = 'too_many_attributes'
  readonly limit = mostAttributes
  /** How many there are. */
  readonly total: number
  /** How many more were wanted. */
  readonly wanted: number
  constructor(total: number, wanted: number) {
    super(
      `A workspace has at most ${mostAttributes} attributes. There are ${total}, and ${wanted} more are wanted: read fewer columns, let columns share attributes, or delete attributes that nothing uses.`,
    )
    this.total = total
    this.wanted = wanted
  }
}
