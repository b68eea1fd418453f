/** A document as the row of its table, where the two differ: tables of their own are left out. */
import { sourceDocumentSchema } from '../../engine/documents.ts'
import { storedSource } from '../sources/document.ts'
import type { JsonObject } from '../workspaces/json.ts'
import type { DocumentKind } from './rules.ts'

export function storedFields(kind: DocumentKind, body: JsonObject): Readonly<Record<string, unknown>> {
  switch (kind) {
    case 'source':
      return { ...storedSource(sourceDocumentSchema.parse(body)) }
    case 'segment': {
      const { dataSourceIds, ...fields } = body
      return fields
    }
    case 'connector':
      return body
    case 'action': {
      const { templates, ...fields } = body
      return fields
    }
  }
}
