/** What a data source is: settings, a SQL dialect, and a connection that runs the host's statements. */
import type { z } from 'zod'
import { type Branded, brand } from './brand.ts'
import type { PublicSettings } from './form.ts'
import type { PageLink } from './page.ts'
import type { AttributeType, AttributeValue } from './values.ts'

/**
 * A column as the source describes it.
 *
 * @example
 * ```ts
 * const column: SourceColumn = { name: 'changed_at', type: 'date', nativeType: 'timestamptz', nullable: false }
 * ```
 */
export interface SourceColumn {
  readonly name: string
  readonly type: AttributeType
  /** The source's own name of the type, as the dialect can cast to it. */
  readonly nativeType: string
  readonly nullable: boolean
}

/**
 * What is read: a table or view, by its name, with its schema where it has one.
 *
 * @example
 * ```ts
 * const table: SourceTable = { schema: 'public', name: 'customers' }
 * ```
 */
export interface SourceTable {
  readonly schema?: string
  readonly name: string
}

/**
 * A selected output of a statement, in the order of its SELECT list.
 *
 * @example
 * ```ts
 * const output: SelectedColumn = { name: 'email', type: 'string' }
 * ```
 */
export interface SelectedColumn {
  readonly name: string
  readonly type: AttributeType
}

/**
 * SQL that the host built with the dialect. Parameters are always texts; the SQL casts them.
 * Column values never stand in the SQL text.
 *
 * @example
 * ```ts
 * const statement: Statement = {
 *   sql: 'SELECT "email" AS c0 FROM "customers" WHERE "id" = CAST($1 AS bigint)',
 *   parameters: ['42'],
 *   columns: [{ name: 'c0', type: 'string' }],
 * }
 * ```
 */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly string[]
  /** The first outputs of the SELECT list; outputs after them exist only for `orderBy`. */
  readonly columns: readonly SelectedColumn[]
}

/**
 * A statement without ORDER BY whose rows are wanted in the order of the named outputs, ascending.
 *
 * @example
 * ```ts
 * stream({ ...statement, orderBy: ['o0', 'o1'] }, signal) // … ORDER BY "o0", "o1"
 * ```
 */
export interface OrderedStatement extends Statement {
  readonly orderBy: readonly string[]
}

/**
 * Rows, by column: `columns[c][r]` is the value of `statement.columns[c]` in row r.
 *
 * @example
 * ```ts
 * const batch: RecordBatch = { length: 2, columns: [['ann@example.com', null], [3, 7]] }
 * ```
 */
export interface RecordBatch {
  readonly length: number
  readonly columns: readonly (readonly AttributeValue[])[]
}

/**
 * How a source writes SQL. Pure text functions.
 *
 * @example
 * ```ts
 * const dialect: Dialect = {
 *   quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
 *   parameter: (index, nativeType) => `CAST($${index} AS ${nativeType})`,
 *   text: (expression) => `CAST(${expression} AS text)`,
 *   value: (expression) => expression,
 *   contains: (expression, parameter) => `position(${parameter} IN ${expression}) > 0`,
 *   startsWith: (expression, parameter) => `starts_with(${expression}, ${parameter})`,
 *   endsWith: (expression, parameter) => `right(${expression}, length(${parameter})) = ${parameter}`,
 *   nativeType: (type) => nativeTypes[type], // { string: 'text', number: 'double precision', … }
 * }
 * ```
 */
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

/**
 * An open connection to a source. Every failure of it is a {@link SourceError}.
 *
 * @example
 * ```ts
 * const connection = await source.connect(settings, secrets, context)
 * try {
 *   for await (const batch of connection.stream(statement, signal)) use(batch)
 * } finally {
 *   await connection.close()
 * }
 * ```
 */
export interface SourceConnection {
  listTables(): Promise<readonly SourceTable[]>
  /** The columns of a table; fails with `not_found` when there is no such table. */
  describe(table: SourceTable): Promise<readonly SourceColumn[]>
  /**
   * The columns of a SELECT that a person wrote. Fails with `bad_query`, or `not_allowed`, unless it is by itself one
   * statement that only reads: the source's session sees to it, no pattern does. The host reads it as a derived table.
   */
  describeSql(sql: string): Promise<readonly SourceColumn[]>
  /**
   * Fails with `bad_query`, or `not_allowed`, unless what a person wrote is by itself one condition on a row of the
   * table, without any sub-select, as the database's own grammar has it.
   */
  checkCondition(table: SourceTable, condition: string): Promise<void>
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

/**
 * What the host allows a source to reach.
 *
 * @example
 * ```ts
 * if (!context.isAddressAllowed(host, port, address)) {
 *   throw new SourceError('not_allowed', 'The host is a private address.')
 * }
 * ```
 */
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

/**
 * What a source that reads files needs to know.
 *
 * @example
 * ```ts
 * async changeToken({ path }, { allowedDirectories }) {
 *   const { mtimeMs } = await stat(locate(path, allowedDirectories))
 *   return String(mtimeMs)
 * }
 * ```
 */
export type FileContext = Pick<ConnectContext, 'allowedDirectories'>

/**
 * Why a source could not do what was asked. Stable codes; no message of a driver leaves a plugin.
 *
 * @example
 * ```ts
 * sourceErrorCodes.includes('unreachable') // true
 * ```
 */
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
/**
 * One of {@link sourceErrorCodes}.
 *
 * @example
 * ```ts
 * const code: SourceErrorCode = isTimeOut ? 'unreachable' : 'bad_query'
 * ```
 */
export type SourceErrorCode = (typeof sourceErrorCodes)[number]

/**
 * A place in a text of several lines, from 1, in UTF-16 code units; without `column` the line as a whole.
 *
 * @example
 * ```ts
 * const place: TextPlace = { line: 2, column: 7 }
 * ```
 */
export interface TextPlace {
  readonly line: number
  readonly column?: number
}

/**
 * An expected failure of a source. `message` is for people and carries no column value; `place` is where in a text
 * that a person wrote, from 1.
 *
 * @example
 * ```ts
 * throw new SourceError('not_found', 'There is no table "customers".')
 * ```
 */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly code: SourceErrorCode
  /** True when the same request may work later. */
  readonly isTransient: boolean
  readonly place: TextPlace | undefined
  constructor(code: SourceErrorCode, message: string, place?: TextPlace) {
    super(message)
    this.code = code
    this.place = place
    this.isTransient = code === 'locked' || code === 'unreachable' || code === 'broken_stream'
  }
}

/**
 * A data source as the host knows it: its page, its settings, how it writes SQL and how it connects.
 *
 * @example
 * ```ts
 * export default defineSource({
 *   id: 'acme-db',
 *   name: 'Acme DB',
 *   api: '^1.0.0',
 *   docs: { summary: 'Tables of Acme DB.', links: [] },
 *   settings: z.object({ host: z.string().meta({ title: 'Host', description: 'Where it listens.' }) }),
 *   defaultSettleMs: 2_000,
 *   dialect,
 *   connect,
 * })
 * ```
 */
export interface SourceDefinition<Settings extends z.ZodObject = z.ZodObject> {
  /** Unique, kebab-case, for ever. */
  readonly id: string
  readonly name: string
  readonly api: string
  /** An SVG document of shapes, or a PNG as a data URI; at most 32 KiB. */
  readonly icon?: string
  readonly docs: {
    readonly summary: string
    readonly links: readonly PageLink[]
  }
  readonly settings: Settings
  /** How long a written row may stay invisible before it counts as lost: 0 for files. Milliseconds. */
  readonly defaultSettleMs: number
  readonly dialect: Dialect
  /**
   * What of the settings says where secrets are sent: when it changes, they have to be given again, so that nobody
   * has them sent to a server of their own. Without it, any change of settings counts.
   */
  address?(settings: PublicSettings): string
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

/**
 * What {@link defineSource} makes: a definition that a host takes.
 *
 * @example
 * ```ts
 * const source: Source = defineSource(definition)
 * ```
 */
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
