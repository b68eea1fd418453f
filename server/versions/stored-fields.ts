/** A document as the row of its table, where the two differ: tables of their own are left out. */
import type { JsonObject } from '../workspaces/json.ts'
import type { DocumentKind } from './rules.ts'

export function storedFields(kind: DocumentKind, body: JsonObject): Readonly<Record<string, unknown>> {
  switch (kind) {
    case 'segment': {
      const { dataSourceIds, ...fields } = body
      return { rescan: null, ...fields }
    }
    case 'connection':
    case 'source':
    case 'connector':
      return body
    case 'action': {
      const { templates, ...fields } = body
      return fields
    }
  }
}
