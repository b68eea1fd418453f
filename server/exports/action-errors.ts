/** A row an action and class of errors: what went wrong in a range of time, for whom, how often and when. */
import { Prisma } from '../../prisma/generated/client/client.ts'
import { messageOf } from '../errors/messages.ts'
import { errorClasses } from '../errors/read-errors.ts'
import { countedRange } from '../metrics/ranges.ts'
import {
  type Column,
  cellsOf,
  type ExportKind,
  inUtc,
  namesOf,
  spanCells,
  spanColumns,
} from './export-kind.ts'

const columns: readonly Column[] = [
  ['connectorId', "'Connector_' || connector.id"],
  ['connector', 'connector.name'],
  ['type', 'connector.type'],
  ['actionId', "'Action_' || action.id"],
  ['action', 'action.name'],
  ['reporter', 'error.reporter'],
  ['code', 'error.code'],
  // Filled in by code and type: the database does not know the packages.
  ['message', "''"],
  ['outcome', 'error.outcome'],
  ['parameter', `nullif(error."parameterPath", '')`],
  ['template', "nullif(error.template, '')"],
  ['templateLine', 'nullif(error."templateLine", 0)'],
  ['templateColumn', 'nullif(error."templateColumn", 0)'],
  ['count', 'error.count'],
  ['firstSeenUtc', inUtc('error."firstAt"')],
  ['lastSeenUtc', inUtc('error."lastAt"')],
]
const names = [...namesOf(columns), ...spanColumns]
const at = { type: names.indexOf('type'), reporter: names.indexOf('reporter'), code: names.indexOf('code') }

const ofAction = Prisma.sql`bucket.action_id`

export const actionErrors: ExportKind = {
  scopes: ['workspace', 'connector', 'action'],
  takesGrain: false,
  columns: names,
  read({ now, of, range }) {
    const span = countedRange(range, now)
    const statement = Prisma.sql`
      SELECT ${cellsOf(columns)}, ${spanCells(span)}
      FROM (${errorClasses(of, span, { cells: ofAction, keys: ofAction })}) AS error
      JOIN action ON action.id = error.action_id
      JOIN connector ON connector.id = action.connector_id
      ORDER BY connector.name, connector.id, action.name, action.id, error.count DESC, error.code, error.outcome,
        error.reporter, error."parameterPath", error.template, error."templateLine", error."templateColumn"`
    return { statement, span }
  },
  finish(row, registry) {
    const code = String(row[at.code])
    const reporter = row[at.reporter] === 'SLUICE' ? 'SLUICE' : 'VENDOR'
    const catalogue = registry.connector(String(row[at.type]))?.definition.errorCatalogue
    return row.with(names.indexOf('message'), messageOf({ code, reporter }, catalogue))
  },
}
