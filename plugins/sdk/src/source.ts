/** What a data source is: settings, a SQL dialect, and a connection that runs the host's statements. */
import type { z } from 'zod'
import { type Branded, brand } from './brand.ts'
import type { PublicSettings } from './connector.ts'
import type { AttributeType, AttributeValue } from './values.ts'

/** A column as the source describes it. */
export interface SourceColumn {
  readonly name: string
  readonly type: AttributeType
  /** The source's own name of the type, as the dialect can cast to it. */
  readonly nativeType: string
  readonly nullable: boolean
}

/** What is read: a table or view, by its name, with its schema where it has one. */
export interface SourceTable {
  readonly schema?: string
  readonly name: string
}

/** A selected output of a statement, in the order of its SELECT list. */
export interface SelectedColumn {
  readonly name: string
  readonly type: AttributeType
}

/**
 * SQL that the host built with the dialect. Parameters are always texts; the SQL casts them.
 * Column values never stand in the SQL text.
 */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly string[]
  /** The first outputs of the SELECT list; outputs after them exist only for `orderBy`. */
  readonly columns: readonly SelectedColumn[]
}

/** A statement without ORDER BY whose rows are wanted in the order of the named outputs, ascending. */
export interface OrderedStatement extends Statement {
  readonly orderBy: readonly string[]
}

/** Rows, by column: `columns[c][r]` is the value of `statement.columns[c]` in row r. */
export interface RecordBatch {
  readonly length: number
  readonly columns: readonly (readonly AttributeValue[])[]
}

/** How a source writes SQL. Pure text functions. */
export interface Dialect {
  /** A quoted identifier. */
  quote(identifier: string): string
  /** The n-th parameter (from 1) cast from text to a native type. */
  parameter(index: number, nativeType: string): string
  /** An expression as the database's own exact text. */
  text(expression: string): string
  /** A column's value in the form that the connection converts to its attribute type; zone: IANA name of naive timestamps. */
  value(expression: string, column: SourceColumn, timeZone: string): string
  /** Whether a text expression contains, starts with, ends with a text parameter, by exact characters. */
  contains(expression: string, parameter: string): string
  startsWith(expression: string, parameter: string): string
  endsWith(expression: string, parameter: string): string
  /** The native type for the host's own parameters of an attribute type, for comparisons in a prefilter. */
  nativeType(type: 'string' | 'number' | 'boolean' | 'date'): string
}

export interface SourceConnection {
  listTables(): Promise<readonly SourceTable[]>
  /** The columns of a table; fails with `not_found` when there is no such table. */
  describe(table: SourceTable): Promise<readonly SourceColumn[]>
  /** The source's own clock less `minusMs`, as text that casts to the cursor column's native type. */
  now(request: {
    readonly nativeType: string
    readonly timeZone: string
    readonly minusMs: number
  }): Promise<string>
  /** A small result, whole (at most 10,000 rows). */
  query(statement: Statement): Promise<RecordBatch>
  /**
   * A large result in order, in batches. It fails loudly: a read that broke never looks like the end.
   * Stopping the iteration frees what it holds.
   */
  stream(statement: OrderedStatement, signal: AbortSignal): AsyncIterable<RecordBatch>
  close(): Promise<void>
}

export interface ConnectContext {
  /** Real paths below which files may be read. */
  readonly allowedDirectories: readonly string[]
  /**
   * Whether a connection to an address may be made, which the host's name was resolved to or which it is: a source
   * that goes over a network asks for every one, so that a name can't lead inside. Where it may not, connecting
   * fails with `not_allowed`.
   */
  isAddressAllowed(host: string, port: number, address: string): boolean
}

/** What a source that reads files needs to know. */
export type FileContext = Pick<ConnectContext, 'allowedDirectories'>

/** Why a source could not do what was asked. Stable codes; no message of a driver leaves a plugin. */
export const sourceErrorCodes = [
  'locked',
  'unreachable',
  'not_found',
  'not_allowed',
  'bad_settings',
  'bad_file',
  'bad_query',
  'broken_stream',
  'out_of_memory',
] as const
export type SourceErrorCode = (typeof sourceErrorCodes)[number]

/** An expected failure of a source. `message` is for people and carries no column value. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly code: SourceErrorCode
  /** True when the same request may work later. */
  readonly isTransient: boolean
  constructor(code: SourceErrorCode, message: string) {
    super(message)
    this.code = code
    this.isTransient = code === 'locked' || code === 'unreachable' || code === 'broken_stream'
  }
}

export interface SourceDefinition<Settings extends z.ZodObject = z.ZodObject> {
  /** Unique, kebab-case, for ever. */
  readonly id: string
  readonly name: string
  readonly api: string
  readonly docs: {
    readonly summary: string
    readonly links: readonly { readonly title: string; readonly url: string }[]
  }
  readonly settings: Settings
  /** How long a written row may stay invisible before it counts as lost: 0 for files. Milliseconds. */
  readonly defaultSettleMs: number
  readonly dialect: Dialect
  /**
   * A cheap text that differs whenever the data may have changed, so that a poll need not read. A source that
   * can't tell leaves it out.
   */
  changeToken?(settings: PublicSettings, context: FileContext): Promise<string>
  connect(
    settings: PublicSettings,
    secrets: Readonly<Record<string, string>>,
    context: ConnectContext,
  ): Promise<SourceConnection>
}

export type Source = Branded<SourceDefinition, 'source'>

/**
 * Declares a data source: the default export of a package with `"sluice": { "role": "source" }`.
 *
 * @example
 * ```ts
 * export default defineSource({ id: 'acme-db', name: 'Acme DB', settings, dialect, connect })
 * ```
 */
export function defineSource<Settings extends z.ZodObject>(definition: SourceDefinition<Settings>): Source {
  return brand('source', definition as unknown as SourceDefinition)
}
