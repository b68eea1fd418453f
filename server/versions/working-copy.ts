/** The working copy of a workspace as documents, with what publishing and trying need beside them. */
import type { z } from 'zod'
import {
  actionDocumentSchema,
  connectionDocumentSchema,
  connectorDocumentSchema,
  segmentDocumentSchema,
  sourceDocumentSchema,
} from '../../engine/documents.ts'
import type { Context } from '../context.ts'
import { issuesOf } from '../problems/issues.ts'
import type { ReadableSource } from '../sources/look-into.ts'
import { templateDocument } from '../templates/rules.ts'
import { type ActionRow, readActionRows } from './action-rows.ts'
import { type DocumentKind, type Documents, entityOfKind, type PublishProblem, problemsAt } from './rules.ts'

type Db = Pick<Context['db'], 'dataSourceConnection' | 'dataSource' | 'segment' | 'connector' | '$queryRaw'>

export interface WorkingCopy {
  readonly documents: Documents
  /** Rows that no longer have the form of a document. */
  readonly problems: readonly PublishProblem[]
  /** The rows of the data sources, to reach them. */
  readonly sourceRows: ReadonlyMap<string, ReadableSource>
  /** Sealed secrets by connector. */
  readonly connectorSecrets: ReadonlyMap<string, Uint8Array | null>
}

export async function readWorkingCopy(db: Db, workspaceId: string): Promise<WorkingCopy> {
  const of = { where: { workspaceId, deletedAt: null }, orderBy: { id: 'asc' } } as const
  const connections = await db.dataSourceConnection.findMany(of)
  const sources = await db.dataSource.findMany({ ...of, include: { connection: true } })
  const segments = await db.segment.findMany({
    ...of,
    include: { sources: { orderBy: { dataSourceId: 'asc' } } },
  })
  const connectors = await db.connector.findMany(of)
  const actions = await readActionRows(db, workspaceId)
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
      segments: read('segment', segmentDocumentSchema, segments.map(segmentFields)),
      connectors: read('connector', connectorDocumentSchema, connectors),
      actions: read('action', actionDocumentSchema, actions.map(actionFields)),
    },
    problems,
    sourceRows: new Map(sources.map((row) => [row.id, row])),
    connectorSecrets: new Map(connectors.map(({ id, secrets }) => [id, secrets])),
  }
}

/** What the working copy would be with these documents: secrets are always those of now. */
export async function workingCopyOf(
  db: Pick<Db, 'dataSourceConnection' | 'connector'>,
  workspaceId: string,
  documents: Documents,
): Promise<WorkingCopy> {
  const of = { where: { workspaceId }, select: { id: true, secrets: true } } as const
  const secretsOf = new Map(
    (await db.dataSourceConnection.findMany(of)).map(({ id, secrets }) => [id, secrets]),
  )
  const connectors = await db.connector.findMany(of)
  const connections = new Map(
    documents.connections.map(({ id, type, settings }) => [
      id,
      { workspaceId, type, settings, secrets: secretsOf.get(id) ?? null },
    ]),
  )
  return {
    documents,
    problems: [],
    sourceRows: new Map(
      documents.sources.flatMap((source) => {
        const connection = connections.get(source.connectionId)
        return connection === undefined ? [] : [[source.id, { ...source, connection }] as const]
      }),
    ),
    connectorSecrets: new Map(connectors.map(({ id, secrets }) => [id, secrets])),
  }
}

function segmentFields<
  Row extends {
    readonly sources: readonly { readonly dataSourceId: string }[]
    readonly rescan: unknown
  },
>({ rescan, ...row }: Row) {
  const dataSourceIds = row.sources.map(({ dataSourceId }) => dataSourceId)
  return { ...row, ...(rescan === null ? {} : { rescan }), dataSourceIds }
}

/** The row with its templates in the document's form, not yet checked. */
function actionFields(row: ActionRow) {
  const templates = row.templates.map((template) => ({ id: template.id, ...templateDocument(template) }))
  return { ...row, templates }
}
