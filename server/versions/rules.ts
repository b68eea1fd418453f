/** What a version consists of, and why a working copy cannot become one. */
import { z } from 'zod'
import {
  actionDocumentSchema,
  connectionDocumentSchema,
  connectorDocumentSchema,
  segmentDocumentSchema,
  sourceDocumentSchema,
  type VersionDocuments,
} from '../../engine/documents.ts'
import { DomainError, type EntityName, type Issue } from '../problems/rules.ts'
import { isStorable, nameSchema } from '../workspaces/rules.ts'

/** A kind comes after those that it refers to. */
export const documentKinds = ['connection', 'source', 'segment', 'connector', 'action'] as const
export type DocumentKind = (typeof documentKinds)[number]

export const entityOfKind: Readonly<Record<DocumentKind, EntityName>> = {
  connection: 'DataSourceConnection',
  source: 'DataSource',
  segment: 'Segment',
  connector: 'Connector',
  action: 'Action',
}

export const schemaOfKind = {
  connection: connectionDocumentSchema,
  source: sourceDocumentSchema,
  segment: segmentDocumentSchema,
  connector: connectorDocumentSchema,
  action: actionDocumentSchema,
} as const satisfies Record<DocumentKind, z.ZodType>

/** A whole configuration: of a version, a draft or the working copy. */
export type Documents = Omit<VersionDocuments, 'number'>

/** Where a configuration has the documents of a kind. */
export const listOfKind = {
  connection: 'connections',
  source: 'sources',
  segment: 'segments',
  connector: 'connectors',
  action: 'actions',
} as const satisfies Record<DocumentKind, keyof Documents>

/** What a version lists: which entities, and which of their documents. */
export const manifestSchema = z.array(
  z.object({ kind: z.enum(documentKinds), id: z.string(), hash: z.string() }),
)
export type Manifest = Readonly<z.output<typeof manifestSchema>>

const maxNotes = 2000

/** Why something is published: those who read the history need it. */
export const notesSchema = z
  .string()
  .trim()
  .min(1, 'Say in the notes why this is published: others read it in the history.')
  .max(maxNotes, `Notes have at most ${maxNotes} characters.`)
  .refine(isStorable, {
    error: 'Remove the NUL characters and broken surrogate pairs from the notes.',
    params: { code: 'invalid_text' },
  })

export const publishSchema = z.object({ notes: notesSchema, name: nameSchema.optional() })

/** Of the drafts of a workspace that nobody has asked for. */
export const mostAutomaticDrafts = 50

export const draftSchema = z.object({ name: nameSchema })

/** What a version or a draft is called unless somebody says otherwise. */
export function timeName(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** What the working copy was like, and which version ran, when somebody looked. */
export interface Seen {
  readonly liveVersion: number | null
  readonly fingerprint: string
}

const whatHappened = {
  published_meanwhile: 'Somebody else has published meanwhile',
  changed_meanwhile: 'Something was edited meanwhile',
} as const

/** The configuration is no longer as it was seen: somebody was faster. */
export class WorkingCopyConflict extends DomainError {
  override readonly name = 'WorkingCopyConflict'
  readonly code: keyof typeof whatHappened
  readonly workspaceId: string
  constructor(code: keyof typeof whatHappened, workspaceId: string) {
    super(`${whatHappened[code]}, so nothing was done. Look at the changes again, then repeat it.`)
    this.code = code
    this.workspaceId = workspaceId
  }
}

/** One thing that keeps the working copy from being published, at the entity that it lies in. */
export interface PublishProblem extends Issue {
  readonly entity: EntityName
  readonly entityId: string
}

export class NotPublishable extends DomainError {
  override readonly name = 'NotPublishable'
  readonly code = 'not_publishable'
  readonly problems: readonly PublishProblem[]
  constructor(problems: readonly PublishProblem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    super(
      `The working copy was not published, what runs goes on. ${count}: ${problems.map(({ message }) => message).join(' ')}`,
    )
    this.problems = problems
  }
}

/** A version, or a document that it lists, is not there. */
export class VersionMissing extends DomainError {
  override readonly name = 'VersionMissing'
  readonly code = 'version_missing'
  constructor(number: number) {
    super(`Version ${number} of the workspace is not there, or not complete. Publish again.`)
  }
}

export function problemsAt(
  entity: EntityName,
  entityId: string,
  issues: readonly Issue[],
): readonly PublishProblem[] {
  return issues.map((issue) => ({ ...issue, entity, entityId }))
}
