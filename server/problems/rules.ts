/** The errors that all nouns share. Each says what is wrong, where and what to do; clients get them as types. */

/** One thing that is wrong with an input. Names and paths only, never a record's value. */
export interface Issue {
  /** Where in the input, outermost first; empty: the input as a whole. */
  readonly path: readonly (string | number)[]
  /** Stable, see docs/errors.md. */
  readonly code: string
  /** For people: what is wrong and what to do. */
  readonly message: string
  /** In a text of several lines: where, both from 1. */
  readonly line?: number
  readonly column?: number
}

/** An expected failure: it reaches the client with its code and message. Everything else is masked. */
export abstract class DomainError extends Error {
  abstract readonly code: string
}

/** The code of all that is masked. Whoever asks may ask again: it says nothing about the question. */
export const internalError = 'internal_error'

/** The input cannot be taken, with everything that is wrong with it. */
export class InvalidInput extends DomainError {
  override readonly name = 'InvalidInput'
  readonly code = 'invalid_input'
  readonly issues: readonly Issue[]
  constructor(issues: readonly Issue[]) {
    super(describeIssues(issues))
    this.issues = issues
  }
}

/** What the input or the id refers to does not exist, or the token does not cover it. */
export class NotFound extends DomainError {
  override readonly name = 'NotFound'
  readonly code = 'not_found'
  readonly entity: EntityName
  readonly entityId: string
  constructor(entity: EntityName, entityId: string) {
    super(`There is no ${wordsOf(entity)} with this id, or the token does not cover its workspace.`)
    this.entity = entity
    this.entityId = entityId
  }
}

/** The edit was made on an older state of the entity. */
export class RevisionConflict extends DomainError {
  override readonly name = 'RevisionConflict'
  readonly code = 'revision_conflict'
  readonly entity: EntityName
  readonly entityId: string
  readonly currentRevision: number
  /** The input of the edit, where it is known. */
  readonly edit: Readonly<Record<string, unknown>>
  constructor(
    entity: EntityName,
    entityId: string,
    currentRevision: number,
    edit: Readonly<Record<string, unknown>> = {},
  ) {
    super(
      `The ${wordsOf(entity)} was changed meanwhile: it is at revision ${currentRevision}. Read it again, then repeat the edit with that revision.`,
    )
    this.entity = entity
    this.entityId = entityId
    this.currentRevision = currentRevision
    this.edit = edit
  }
}

/** Another entity of the same kind has the name. */
export class NameTaken extends DomainError {
  override readonly name = 'NameTaken'
  readonly code = 'name_taken'
  readonly entity: EntityName
  readonly takenName: string
  constructor(entity: EntityName, takenName: string) {
    super(`There is already a ${wordsOf(entity)} named "${takenName}". Choose another name.`)
    this.entity = entity
    this.takenName = takenName
  }
}

/** What is to go is needed by something else, which has to let go of it first. */
export class InUse extends DomainError {
  override readonly name = 'InUse'
  readonly code = 'in_use'
  readonly users: readonly User[]
  constructor(entity: EntityName, users: readonly User[], whatToDo = 'Take it out there first.') {
    super(`The ${wordsOf(entity)} is used by ${describeUsers(users)}. ${whatToDo}`)
    this.users = users
  }
}

/** So many are named in a message; all of them are data. */
const mostToldUsers = 10

/** For a sentence: what uses something. */
export function describeUsers(users: readonly User[]): string {
  const told = users
    .slice(0, mostToldUsers)
    .map(({ name, entity }) => `the ${wordsOf(entity)} "${name}"`)
    .join(', ')
  const more = users.length - mostToldUsers
  return more > 0 ? `${told} and ${more} more` : told
}

/** An entity that uses another. */
export interface User {
  readonly entity: EntityName
  readonly id: string
  readonly name: string
}

/** The GraphQL types that have an id. */
export const entityNames = [
  'Workspace',
  'DataSourceConnection',
  'DataSource',
  'Attribute',
  'Segment',
  'Label',
  'Connector',
  'Action',
  'Template',
  'Version',
  'Draft',
  'Delivery',
  'DeadLetter',
  'Member',
  'Invitation',
  'ApiToken',
  'DeletedWorkspace',
  'AuditEntry',
] as const
export type EntityName = (typeof entityNames)[number]

/** Throws one `InvalidInput` with all issues, if there are any. */
export function rejectIssues(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new InvalidInput(issues)
}

function wordsOf(entity: EntityName): string {
  return entity.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()
}

function describeIssues(issues: readonly Issue[]): string {
  const lines = issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  return lines.length === 1 ? (lines[0] ?? '') : `${lines.length} problems: ${lines.join(' ')}`
}
