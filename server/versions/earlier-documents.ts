/** Documents of sources that were published before connections and queries were: type, settings and table stand within. */
import { isRecord } from '../workspaces/json.ts'

/** The migration has given such a source a connection by the source's own id: it has the secrets. */
export function connectionWithin(body: unknown): readonly unknown[] {
  if (!isRecord(body) || 'connectionId' in body) return []
  const { id, name, type, settings } = body
  return [{ id, name, type, settings }]
}

/** The source, naming that connection, and with its table as a query. */
export function sourceWithout(body: unknown): unknown {
  if (!isRecord(body)) return body
  const { table } = body
  const connection = 'connectionId' in body ? {} : { connectionId: body['id'] }
  const query = !('query' in body) && isRecord(table) ? { query: { kind: 'table', ...table } } : {}
  return { ...body, ...connection, ...query }
}
