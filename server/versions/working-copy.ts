/** The working copy of a workspace as documents, with what tells whether it has changed since. */
import type { z } from 'zod'
import {
  actionDocumentSchema,
  connectionDocumentSchema,
  connectorDocumentSchema,
  segmentDocumentSchema,
  sourceDocumentSchema,
  type VersionDocuments,
} from '../../engine/documents.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import type { ReadableSource } from '../sources/look-into.ts'
import { type TemplateDraft, templateDocument } from '../templates/rules.ts'
import { type DocumentKind, entityOfKind, type PublishProblem, problemsAt } from './rules.ts'

type Db = Pick<Context['db'], 'dataSourceConnection' | 'dataSource' | 'segment' | 'connector' | 'action'>

export interface WorkingCopy {
  readonly documents: Omit<VersionDocuments, 'number'>
  /** Rows that no longer have the form of a document. */
  readonly problems: readonly PublishProblem[]
  /** Segment by segment, the data sources that its conditions are for. */
  readonly sourcesOfSegments: ReadonlyMap<string, readonly string[]>
  /** The rows of the data sources, to reach them. */
  readonly sourceRows: ReadonlyMap<string, ReadableSource>
  /** Sealed secrets by connector. */
  readonly connectorSecrets: ReadonlyMap<string, Uint8Array | null>
  /** Changes with every edit. */
  readonly fingerprint: string
}

export async function readWorkingCopy(db: Db, workspaceId: string): Promise<WorkingCopy> {
  const of = { where: { workspaceId }, orderBy: { id: 'asc' } } as const
  const connections = await db.dataSourceConnection.findMany(of)
  const sources = await db.dataSource.findMany({ ...of, include: { connection: true } })
  const segments = await db.segment.findMany({ ...of, include: { sources: true } })
  const connectors = await db.connector.findMany(of)
  const actions = await db.action.findMany({ ...of, include: { templates: { orderBy: { name: 'asc' } } } })
  const problems: PublishProblem[] = []
  const read = <Schema extends z.ZodType>(
    kind: DocumentKind,
    schema: Schema,
    rows: readonly { readonly id: string }[],
  ): z.output<Schema>[] =>
    rows.flatMap((row) => {
      const parsed = schema.safeParse(row)
      if (parsed.success) return [parsed.data]
      problems.push(...problemsAt(entityOfKind[kind], row.id, issuesOf(parsed.error.issues)))
      return []
    })
  return {
    documents: {
      connections: read('connection', connectionDocumentSchema, connections),
      sources: read('source', sourceDocumentSchema, sources),
      segments: read('segment', segmentDocumentSchema, segments),
      connectors: read('connector', connectorDocumentSchema, connectors),
      actions: read('action', actionDocumentSchema, actions.map(actionFields)),
    },
    problems,
    sourcesOfSegments: new Map(
      segments.map((segment) => [segment.id, segment.sources.map(({ dataSourceId }) => dataSourceId)]),
    ),
    sourceRows: new Map(sources.map((row) => [row.id, row])),
    connectorSecrets: new Map(connectors.map(({ id, secrets }) => [id, secrets])),
    fingerprint: [
      ...connections,
      ...sources,
      ...segments,
      ...connectors,
      ...actions,
      ...actions.flatMap(({ templates }) => templates),
    ]
      .map(({ id, revision }) => `${id}:${revision}`)
      .join(),
  }
}

/** The row with its templates in the document's form, not yet checked. */
function actionFields<Row extends { readonly id: string; readonly templates: readonly TemplateDraft[] }>(
  row: Row,
) {
  return { ...row, templates: row.templates.map(templateDocument) }
}
