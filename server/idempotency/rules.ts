/** Mutations that their callers marked with a key: done once, however often they are sent. */
import { z } from 'zod'
import { DomainError, type EntityName } from '../problems/rules.ts'

const longestKey = 200

export const idempotencyKeySchema = z
  .string()
  .min(1, 'A key has at least one character.')
  .max(longestKey, `A key has at most ${longestKey} characters.`)

/** A mutation with a key. Neither key nor input is kept: hashes under the installation's key are. */
export interface KeyedRequest {
  /** Of the caller and the key. */
  readonly keyHash: Uint8Array<ArrayBuffer>
  /** Of the key, the mutation and its input. */
  readonly inputHash: Uint8Array<ArrayBuffer>
  /** Tells this attempt from others with the same key. */
  readonly attempt: string
}

/** What was done with a key. */
export interface DoneRequest {
  readonly inputHash: Uint8Array
  readonly attempt: string
  readonly entity: EntityName
  readonly entityId: string
  readonly doneAt: Date
}

/** The key has been used for something else. */
export class IdempotencyKeyReused extends DomainError {
  override readonly name = 'IdempotencyKeyReused'
  readonly code = 'idempotency_key_reused'
  constructor() {
    super(
      'You have used this idempotency key for another mutation or another input. Nothing was done. Use a new key.',
    )
  }
}

/** It was done before, and its answer cannot be given again. */
export class AlreadyDone extends DomainError {
  override readonly name = 'AlreadyDone'
  readonly code = 'already_done'
  readonly entity: EntityName
  readonly entityId: string
  readonly doneAt: Date
  constructor({ entity, entityId, doneAt }: DoneRequest) {
    super(
      `This was done with this key at ${doneAt.toISOString()}, and is not done again. Its answer is not kept: read what it was about, or use a new key to do it once more.`,
    )
    this.entity = entity
    this.entityId = entityId
    this.doneAt = doneAt
  }
}
