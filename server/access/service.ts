/** Who a caller is: by a token, of which the owner's is made at the first start, or as a user with memberships. */
import { z } from 'zod'
import type { PrismaClient } from '../../prisma/generated/client/client.ts'
import { type Access, ownerAccess, rights, rightsOf } from './rules.ts'
import { createToken, hashToken, isToken } from './token.ts'
import { readTokenFile, writeTokenFile } from './token-file.ts'

const ownerName = 'owner'
const noteEveryMs = 3_600_000

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
export async function findAccess(
  db: PrismaClient,
  token: string,
  now: Date = new Date(),
): Promise<Access | undefined> {
  if (!isToken(token)) return undefined
  const row = await db.apiToken.findUnique({
    where: { hash: hashToken(token) },
    select: {
      ...{ id: true, name: true, workspaceId: true, scopes: true, expiresAt: true, lastUsedAt: true },
      ...{ createdById: true, createdBy: { select: { role: true } } },
    },
  })
  if (row === null || (row.expiresAt !== null && row.expiresAt <= now)) return undefined
  await noteUse(db, row, now)
  const { id, name, workspaceId, createdBy, createdById } = row
  if (workspaceId === null) return ownerAccess
  // What its maker lost since, it lost too.
  const role = createdBy?.role ?? 'ADMIN'
  const scopes = z.array(z.enum(rights)).parse(row.scopes)
  return {
    kind: 'member',
    actor: { kind: 'token', id, name },
    userId: createdById,
    memberships: new Map([
      [workspaceId, { role, rights: rightsOf[role].filter((each) => scopes.includes(each)) }],
    ]),
  }
}

/** What somebody who is signed in covers. */
export async function accessOfUser(
  db: PrismaClient,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<Access> {
  const members = await db.member.findMany({
    where: { userId: id },
    select: { workspaceId: true, role: true },
    orderBy: { workspaceId: 'asc' },
  })
  return {
    kind: 'member',
    actor: { kind: 'user', id, name },
    userId: id,
    memberships: new Map(
      members.map(({ workspaceId, role }) => [workspaceId, { role, rights: rightsOf[role] }]),
    ),
  }
}

/** To the hour: a write for each request would cost more than it tells. */
async function noteUse(
  db: PrismaClient,
  { id, lastUsedAt }: { readonly id: string; readonly lastUsedAt: Date | null },
  now: Date,
): Promise<void> {
  if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < noteEveryMs) return
  await db.apiToken.updateMany({ where: { id }, data: { lastUsedAt: now } })
}
