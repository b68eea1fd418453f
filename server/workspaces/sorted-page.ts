/** A page of a list that SQL sorts by whatever it can tell. A place is the value there and the id: it holds while entries come and go. */
import { z } from 'zod'
import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Context } from '../context.ts'
import { InvalidInput } from '../problems/rules.ts'
import { isStorable } from './rules.ts'

export interface SortedList {
  /** A query with a row for each entry: `id`, and `key`, which it is sorted by and which is never null. */
  readonly entries: Prisma.Sql
  readonly order: {
    /** What the key is: a place in a list that is sorted by something else means nothing. */
    readonly by: string
    /** PostgreSQL's type of the key. Times are numbers. */
    readonly type: 'text' | 'bigint'
    readonly isDescending: boolean
  }
}

/** A time as a key: milliseconds, the precision in which times are kept. */
export function millisecondsOf(time: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(extract(epoch FROM ${time}) * 1000)::bigint`
}

/** As the Relay plugin reads the arguments of a connection. */
interface PageWanted {
  readonly after?: string | undefined
  readonly before?: string | undefined
  readonly limit: number
  /** From the end. */
  readonly inverted: boolean
}

interface SortedPage {
  /** Of the whole list. */
  readonly total: number
  readonly entries: readonly { readonly id: string; readonly cursor: string }[]
}

/** One statement. */
export async function readSortedPage(
  db: Pick<Context['db'], '$queryRaw'>,
  { entries, order }: SortedList,
  { after, before, inverted, limit }: PageWanted,
): Promise<SortedPage> {
  const down = Prisma.raw(order.isDescending === inverted ? 'ASC' : 'DESC')
  const later = Prisma.raw(order.isDescending ? '<' : '>')
  const earlier = Prisma.raw(order.isDescending ? '>' : '<')
  const beyond = (comparison: Prisma.Sql, cursor: string | undefined, argument: string) => {
    if (cursor === undefined) return Prisma.sql`true`
    const { id, key } = placeOf(cursor, order, argument)
    return Prisma.sql`(key, id) ${comparison} (${key}::${Prisma.raw(order.type)}, ${id}::uuid)`
  }
  const [found] = await db.$queryRaw<readonly [{ readonly total: number; readonly page: readonly Place[] }]>`
    SELECT * FROM (
      WITH entry AS MATERIALIZED (${entries}), page AS (
        SELECT id, key FROM entry
        WHERE ${beyond(later, after, 'after')} AND ${beyond(earlier, before, 'before')}
        ORDER BY key ${down}, id ${down} LIMIT ${limit}
      )
      SELECT (SELECT count(*)::int FROM entry) AS total, (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'key', key::text) ORDER BY key ${down}, id ${down}), '[]')
        FROM page
      ) AS page
    ) AS found`
  return {
    total: found.total,
    entries: found.page.map((place) => ({ id: place.id, cursor: cursorOf(place, order) })),
  }
}

interface Place {
  readonly id: string
  readonly key: string
}

function cursorOf({ id, key }: Place, { by }: SortedList['order']): string {
  return Buffer.from(JSON.stringify([by, key, id])).toString('base64url')
}

const keys = {
  text: z.string().refine(isStorable),
  bigint: z.string().regex(/^-?\d{1,18}$/),
} as const

function placeOf(cursor: string, { by, type }: SortedList['order'], argument: string): Place {
  const read = z.tuple([z.literal(by), keys[type], z.uuid()]).safeParse(parsed(cursor))
  if (read.success) return { key: read.data[1], id: read.data[2] }
  const message = 'This is no place in a list that is sorted so. Give a cursor of this list.'
  throw new InvalidInput([{ path: [argument], code: 'bad_cursor', message }])
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
