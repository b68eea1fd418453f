/** Documents of sources that were published before connections were: type and settings stand within them. */
import { isRecord } from '../workspaces/json.ts'

/** The migration has given such a source a connection by the source's own id: it has the secrets. */
export function connectionWithin(body: unknown): readonly unknown[] {
  if (!isRecord(body) || 'connectionId' in body) return []
  const { id, name, type, settings } = body
  return [{ id, name, type, settings }]
}

/** The source, naming that connection. */
export function sourceWithout(body: unknown): unknown {
  return isRecord(body) && !('connectionId' in body) ? { ...body, connectionId: body['id'] } : body
}
