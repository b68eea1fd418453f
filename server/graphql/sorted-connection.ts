/** A Relay connection over a list that SQL sorts: the places of the page in one statement, then its nodes. */
import { type DefaultConnectionArguments, resolveCursorConnection } from '@pothos/plugin-relay'
import type { Context } from '../context.ts'
import { readSortedPage, type SortedList } from '../workspaces/sorted-page.ts'

interface Wanted<Node> {
  readonly args: DefaultConnectionArguments
  readonly list: SortedList
  /** The rows of the page, in any order. */
  readonly readNodes: (ids: string[]) => Promise<readonly Node[]>
}

export async function sortedConnection<Node extends { readonly id: string }>(
  { db }: Pick<Context, 'db'>,
  { args, list, readNodes }: Wanted<Node>,
) {
  let totalCount = 0
  const cursors = new Map<string, string>()
  const connection = await resolveCursorConnection<Promise<Node[]>>(
    { args, toCursor: ({ id }) => cursors.get(id) ?? '' },
    async (page) => {
      const { entries, total } = await readSortedPage(db, list, page)
      totalCount = total
      for (const { cursor, id } of entries) cursors.set(id, cursor)
      const nodes = await readNodes(entries.map(({ id }) => id))
      const byId = new Map(nodes.map((node) => [node.id, node]))
      return entries.flatMap(({ id }) => byId.get(id) ?? [])
    },
  )
  return { ...connection, totalCount }
}
