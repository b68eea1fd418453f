/** Tokens in the database: the owner's, made at the first start, and the look-up of a caller's. */
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { type Access, ownerAccess, rightsOf } from './rules.ts'
import { createToken, hashToken, isToken } from './token.ts'
import { readTokenFile, writeTokenFile } from './token-file.ts'

const ownerName = 'owner'

export interface OwnerToken {
  readonly token: string
  /** The file with the token's only copy. */
  readonly path: string
  /** `lost`: there had been a token, but not in this folder. Former tokens go on working. */
  readonly origin: 'kept' | 'first' | 'lost'
}

/** Sees to it that whoever can read the data folder has a token for everything on this installation. */
export async function ensureOwnerToken({
  db,
  dataFolder,
}: {
  readonly db: PrismaClient
  readonly dataFolder: string
}): Promise<OwnerToken> {
  const { path, token: kept } = await readTokenFile(dataFolder)
  if (kept !== undefined && (await findAccess(db, kept))?.kind === 'installation') {
    return { token: kept, path, origin: 'kept' }
  }
  const hadOne = await hasOwnerToken(db)
  const token = createToken()
  // The row first: a file whose token is unknown is replaced at the next start, a lost token is not found.
  await db.apiToken.create({ data: { workspaceId: null, name: ownerName, hash: hashToken(token) } })
  await writeTokenFile(path, token)
  return { token, path, origin: hadOne ? 'lost' : 'first' }
}

/** Whether this installation has had its first start. */
export async function hasOwnerToken(db: PrismaClient): Promise<boolean> {
  return (await db.apiToken.count({ where: { workspaceId: null, name: ownerName } })) > 0
}

/** What a token covers; undefined when it is none of ours. Found by its hash, so timing tells nothing of it. */
export async function findAccess(db: PrismaClient, token: string): Promise<Access | undefined> {
  if (!isToken(token)) return undefined
  const row = await db.apiToken.findUnique({
    where: { hash: hashToken(token) },
    select: { id: true, name: true, workspaceId: true },
  })
  if (row === null) return undefined
  const { id, name, workspaceId } = row
  if (workspaceId === null) return ownerAccess
  const role = 'ADMIN'
  return {
    kind: 'member',
    actor: { kind: 'token', id, name },
    memberships: new Map([[workspaceId, { role, rights: rightsOf[role] }]]),
  }
}
