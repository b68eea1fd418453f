/** The server's clock as text that casts to a cursor column's type. */
import { SourceError } from '@sluice/connector-sdk'
import { fractionDigits, isNaiveTimestamp } from './native-type.ts'
import type { Session } from './session.ts'
import { quoteLiteral } from './sql-text.ts'
import { parseTimeZone } from './time-zone.ts'

export interface ClockRequest {
  readonly nativeType: string
  readonly timeZone: string
  readonly minusMs: number
}

/**
 * A coarse value stands for all its instants: a row may be written with it until the last of them is over. So the
 * clock tells the last value that is: yesterday for days, the second before for timestamps of whole seconds.
 */
export async function readClock(session: Session, request: ClockRequest): Promise<string> {
  const sql = `SELECT CAST(${clock(request)} AS text)`
  const { rows } = await session.run(sql, [String(Math.trunc(request.minusMs))])
  return rows[0]?.[0] ?? ''
}

function clock({ nativeType, timeZone }: ClockRequest): string {
  // The transaction's own time: it is not after the moment at which the statement sees what is committed.
  const instant = `(now() - CAST($1 AS double precision) * interval '1 millisecond')`
  const wall = `timezone(${quoteLiteral(parseTimeZone(timeZone))}, ${instant})`
  if (nativeType === 'date') return `(CAST(${wall} AS date) - 1)`
  if (/^timestamp(\(\d\))? with time zone$/.test(nativeType)) return cut(instant, nativeType)
  if (isNaiveTimestamp(nativeType)) return cut(wall, nativeType)
  throw new SourceError(
    'bad_settings',
    `A cursor that follows the clock has to be a timestamp or a date; this column is ${nativeType}.`,
  )
}

/** A cast would round to the nearest value, which may lie in the future. */
function cut(expression: string, nativeType: string): string {
  const digits = fractionDigits(nativeType)
  if (digits >= 6) return expression
  const unitMicros = 10 ** (6 - digits)
  const surplus = `(CAST(date_part('microseconds', ${expression}) AS bigint) % ${unitMicros} + ${unitMicros})`
  return `(${expression} - ${surplus} * interval '1 microsecond')`
}
