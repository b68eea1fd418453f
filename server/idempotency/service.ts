/** What was done with a key, in the database: written in the transaction of the change, found before it is done again. */
import { randomUUID } from 'node:crypto'
import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { Change } from '../audit/rules.ts'
import type { Context } from '../context.ts'
import { entityNames } from '../problems/rules.ts'
import { canonicalJson } from '../versions/canonical-json.ts'
import { type DoneRequest, IdempotencyKeyReused, type KeyedRequest } from './rules.ts'

export interface Keyed {
  readonly key: string
  /** The mutation's name. */
  readonly verb: string
  readonly input: unknown
}

export function keyedRequest(
  { access, deps }: Pick<Context, 'access' | 'deps'>,
  { key, verb, input }: Keyed,
): KeyedRequest {
  const { kind, id } = access.actor
  return {
    keyHash: deps.keyring.hash(canonicalJson([kind, id, key])),
    // With the key, which is kept nowhere: an input that can be guessed cannot be tried out.
    inputHash: deps.keyring.hash(canonicalJson([key, verb, input])),
    attempt: randomUUID(),
  }
}

/** Null when nothing was done with the key. Fails where it was used for something else. */
export async function findDone(
  { db }: Pick<Context, 'db'>,
  { keyHash, inputHash }: KeyedRequest,
): Promise<DoneRequest | null> {
  const found = await db.keyedRequest.findUnique({ where: { keyHash } })
  if (found === null) return null
  if (!Buffer.from(found.inputHash).equals(inputHash)) throw new IdempotencyKeyReused()
  const entity = entityNames.find((name) => name === found.entity)
  if (entity === undefined) throw new TypeError(`There is no entity "${found.entity}".`)
  return { ...found, entity }
}

/** Of several changes of one mutation the last is what it was about. Fails where somebody else was first. */
export async function rememberDone(
  tx: Prisma.TransactionClient,
  { keyHash, inputHash, attempt }: KeyedRequest,
  { workspaceId, entity, entityId }: Change,
): Promise<void> {
  const remembered = await tx.$executeRaw`
    INSERT INTO keyed_request AS k (key_hash, input_hash, attempt, workspace_id, entity, entity_id)
    VALUES (${keyHash}, ${inputHash}, ${attempt}::uuid, ${workspaceId}::uuid, ${entity}, ${entityId}::uuid)
    ON CONFLICT (key_hash) DO UPDATE SET entity = excluded.entity, entity_id = excluded.entity_id
    WHERE k.attempt = excluded.attempt`
  if (remembered === 0) throw new Error('The same key was used for another change meanwhile.')
}
