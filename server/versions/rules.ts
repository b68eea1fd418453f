/** What a version consists of, and why a working copy cannot become one. */
import { z } from 'zod'
import { DomainError, type EntityName, type Issue } from '../problems/rules.ts'
import { isStorable } from '../workspaces/rules.ts'

export const documentKinds = ['connection', 'source', 'segment', 'connector', 'action'] as const
export type DocumentKind = (typeof documentKinds)[number]

export const entityOfKind: Readonly<Record<DocumentKind, EntityName>> = {
  connection: 'DataSourceConnection',
  source: 'DataSource',
  segment: 'Segment',
  connector: 'Connector',
  action: 'Action',
}

/** What a version lists: which entities, and which of their documents. */
export const manifestSchema = z.array(
  z.object({ kind: z.enum(documentKinds), id: z.string(), hash: z.string() }),
)

const maxNotes = 2000

export const publishSchema = z.object({
  notes: z
    .string()
    .max(maxNotes, `Notes have at most ${maxNotes} characters.`)
    .refine(isStorable, {
      error: 'Remove the NUL characters and broken surrogate pairs from the notes.',
      params: { code: 'invalid_text' },
    }),
})

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
