/** Counts dead letters by the class of their fault, within the statement that commits them. */
import type { Place as TemplatePlace } from '../../engine/templates/problem.ts'
import { Prisma } from '../../prisma/generated/client/client.ts'
import { bucketsOfNow } from '../metrics/buckets.ts'

/** The part of an exception's row that is read; without a count it stands for one record. */
interface CommittedRow {
  readonly state: string
  readonly outcome: string | null
  readonly reporter: string
  readonly code: string
  readonly parameter_path: string | null
  readonly template_place: TemplatePlace | null
  readonly count?: number
}

/** A class of dead letters and how many records a write adds to it, in the columns' names. */
export interface ErrorCount {
  readonly reporter: string
  readonly outcome: string
  readonly code: string
  readonly parameter_path: string
  readonly template: string
  readonly template_line: number
  readonly template_column: number
  readonly count: number
}

/** How many classes of an action are counted one by one in a day. */
const mostClasses = 100
/** An index takes no entry that is much longer. */
const longestName = 300

/** What rows that became dead letters add to their classes. */
export function errorsOf(rows: readonly CommittedRow[]): readonly ErrorCount[] {
  const byClass = new Map<string, ErrorCount>()
  for (const { code, count = 1, outcome, parameter_path, reporter, state, template_place } of rows) {
    if (state !== 'DEAD' || outcome === null) continue
    const counted = {
      ...{ reporter, outcome, code },
      parameter_path: withoutPlaces(parameter_path ?? '').slice(0, longestName),
      template: (template_place?.template ?? '').slice(0, longestName),
      template_line: template_place?.line ?? 0,
      template_column: template_place?.column ?? 0,
    }
    const key = JSON.stringify(counted)
    byClass.set(key, { ...counted, count: (byClass.get(key)?.count ?? 0) + count })
  }
  return [...byClass.values()]
}

/** Whichever entry of a list is at fault, the class is the same. */
function withoutPlaces(path: string): string {
  return path.replace(/(?<=^|\.)\d+(?=\.|$)/g, '*')
}

const className = 'reporter, outcome, code, parameter_path, template, template_line, template_column'
const classNames = Prisma.raw(className)
const isSameClass = Prisma.raw(
  className
    .split(', ')
    .map((name) => `today.${name} = found_error.${name}`)
    .join(' AND '),
)

/**
 * Common table expressions after one named `pass` of the deliveries that moved. `errors` is JSON: counts, each with its
 * `delivery_id`. Classes beyond the hundredth of an action's day are counted as one, so that what is kept stays small
 * whatever a vendor answers.
 */
export function countErrors(errors: string): Prisma.Sql {
  return Prisma.sql`
    found_error AS (
      SELECT pass.workspace_id, pass.action_id, e.reporter::reporter, e.outcome::dead_letter_outcome, e.code,
        e.parameter_path, e.template, e.template_line, e.template_column, sum(e.count)::bigint AS count
      FROM jsonb_to_recordset(${errors}::jsonb) AS e(
        delivery_id uuid, reporter text, outcome text, code text, parameter_path text, template text,
        template_line int, template_column int, count bigint
      )
      JOIN pass ON pass.id = e.delivery_id
      GROUP BY pass.workspace_id, pass.action_id, ${classNames}
    ), today AS (
      SELECT action_id, ${classNames} FROM error_bucket
      WHERE action_id IN (SELECT action_id FROM found_error)
        AND grain = 'DAY' AND start = date_trunc('day', now(), 'UTC')
    ), named_error AS (
      SELECT found_error.*, today.action_id IS NOT NULL
        OR (SELECT count(*) FROM today AS known WHERE known.action_id = found_error.action_id)
          + row_number() OVER (
            PARTITION BY found_error.action_id, today.action_id IS NULL ORDER BY found_error.count DESC
          ) <= ${mostClasses} AS is_named
      FROM found_error LEFT JOIN today ON today.action_id = found_error.action_id AND ${isSameClass}
    ), error AS (
      SELECT workspace_id, action_id, ${classNames}, count FROM named_error WHERE is_named
      UNION ALL
      SELECT workspace_id, action_id, reporter, outcome, 'further_errors', '', '', 0, 0, sum(count)::bigint
      FROM named_error WHERE NOT is_named GROUP BY workspace_id, action_id, reporter, outcome
    ), counted_error AS (
      INSERT INTO error_bucket AS b (
        workspace_id, action_id, grain, start, ${classNames}, count, first_at, last_at
      )
      SELECT workspace_id, action_id, grain, start, ${classNames}, count, now(), now()
      FROM error CROSS JOIN ${bucketsOfNow}
      ORDER BY action_id, grain, ${classNames}
      ON CONFLICT (action_id, grain, start, ${classNames})
      DO UPDATE SET count = b.count + excluded.count, last_at = excluded.last_at
    )`
}
