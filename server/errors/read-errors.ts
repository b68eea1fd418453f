/** Reads what went wrong in a range of time: dead letters by the class of their fault, the most frequent first. */
import { Prisma, type PrismaClient } from '../../prisma/generated/client/client.ts'
import { groupBy } from '../deliveries/group-by.ts'
import { idsOf, type MetricsOf } from '../metrics/metrics-of.ts'
import type { CountedRange } from '../metrics/ranges.ts'
import { isWithin } from '../metrics/totals.ts'
import type { ErrorClass, ErrorPage } from './rules.ts'

/** Which of each owner's classes are wanted. */
interface Window {
  readonly offset: number
  readonly limit: number
}

type Row = ErrorClass & {
  readonly owner: string
  readonly ownCount: bigint
  readonly ownClasses: number
  readonly rank: number
}

/** The columns by which errors are told apart, as `ErrorClass` names them. */
const errorClass =
  Prisma.raw(`bucket.reporter::text AS reporter, bucket.outcome::text AS outcome, bucket.code,
  bucket.parameter_path AS "parameterPath", bucket.template, bucket.template_line AS "templateLine",
  bucket.template_column AS "templateColumn"`)

/** What is told of each. */
const errorSums = Prisma.raw(
  'sum(bucket.count)::bigint AS count, min(bucket.first_at) AS "firstAt", max(bucket.last_at) AS "lastAt"',
)

const errorClassNames = Prisma.raw(`bucket.reporter, bucket.outcome, bucket.code, bucket.parameter_path,
  bucket.template, bucket.template_line, bucket.template_column`)

/** Whose errors they are, of `error_bucket AS bucket` beside its action and connector. */
function ownerOf(of: MetricsOf): Prisma.Sql {
  if ('actionIds' in of) return Prisma.sql`bucket.action_id`
  return 'connectorIds' in of ? Prisma.sql`connector.id` : Prisma.sql`bucket.workspace_id`
}

/** A condition on `bucket` and its connector. */
function isOwned(of: MetricsOf): Prisma.Sql {
  return Prisma.sql`${ownerOf(of)} = ANY(${[...idsOf(of)]}::uuid[])`
}

/** A condition on `bucket`. */
function isInRange({ pieces }: CountedRange): Prisma.Sql {
  if (pieces.length === 0) return Prisma.sql`false`
  return Prisma.sql`(${Prisma.join(pieces.map(isWithin), ' OR ')})`
}

/** A query with a row for each class of errors of whatever else it is to be told apart by. */
export function errorClasses(
  of: MetricsOf,
  range: CountedRange,
  { cells, keys }: { readonly cells: Prisma.Sql; readonly keys: Prisma.Sql },
): Prisma.Sql {
  return Prisma.sql`
    SELECT ${cells}, ${errorClass}, ${errorSums}
    FROM error_bucket AS bucket
    JOIN action ON action.id = bucket.action_id JOIN connector ON connector.id = action.connector_id
    WHERE ${isInRange(range)} AND ${isOwned(of)}
    GROUP BY ${keys}, ${errorClassNames}`
}

/** By owner, in one statement. Who had no errors in the range is not among them. */
export async function readErrors(
  db: Pick<PrismaClient, '$queryRaw'>,
  of: MetricsOf,
  range: CountedRange,
  { offset, limit }: Window,
): Promise<ReadonlyMap<string, ErrorPage>> {
  const rows = await db.$queryRaw<readonly Row[]>`
    SELECT * FROM (
      SELECT class.*, (sum(count) OVER (PARTITION BY owner))::bigint AS "ownCount",
        (count(*) OVER (PARTITION BY owner))::int AS "ownClasses",
        (row_number() OVER (
          PARTITION BY owner
          ORDER BY count DESC, "lastAt" DESC, code, outcome, reporter, "parameterPath", template, "templateLine",
            "templateColumn"
        ))::int AS rank
      FROM (
        ${errorClasses(of, range, { cells: Prisma.sql`${ownerOf(of)} AS owner, connector.type AS "connectorType"`, keys: Prisma.sql`owner, connector.type` })}
      ) AS class
    ) AS ranked
    -- The first one tells how much there is, also behind the end.
    WHERE rank = 1 OR rank > ${offset} AND rank <= ${offset + limit}
    ORDER BY owner, rank`
  return new Map([...groupBy(rows, ({ owner }) => owner)].map(([owner, own]) => [owner, pageOf(own, offset)]))
}

function pageOf(rows: readonly Row[], offset: number): ErrorPage {
  const [first] = rows
  return {
    count: first?.ownCount ?? 0n,
    classCount: first?.ownClasses ?? 0,
    classes: rows.filter(({ rank }) => rank > offset),
  }
}
