/** Which versions of the history are wanted. */
import type { Prisma } from '../../prisma/generated/client/client.ts'

export interface VersionsWanted {
  readonly publishedFrom?: Date
  readonly publishedBefore?: Date
  /** The id of whoever published, or the whole name. */
  readonly publishedBy?: string
  /** Contained in notes or name. */
  readonly text?: string
}

export function filteredVersions({
  publishedFrom,
  publishedBefore,
  publishedBy,
  text,
}: VersionsWanted): Prisma.VersionWhereInput {
  const contains = text === undefined ? undefined : ({ contains: text, mode: 'insensitive' } as const)
  return {
    publishedAt: {
      ...(publishedFrom && { gte: publishedFrom }),
      ...(publishedBefore && { lt: publishedBefore }),
    },
    AND: [
      publishedBy === undefined ? {} : { OR: [{ actorId: publishedBy }, { actorName: publishedBy }] },
      contains === undefined ? {} : { OR: [{ notes: contains }, { name: contains }] },
    ],
  }
}
