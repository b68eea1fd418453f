/** The record of changes in GraphQL: who did what, and when. */
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { encodeGlobalId, parseGlobalId } from '../graphql/global-id.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'

const longest = 100

export const ActorKindRef = builder.enumType('ActorKind', {
  description: 'How a caller is known.',
  values: {
    USER: { description: 'Somebody who has signed in.' },
    TOKEN: { description: 'A program with an API token.' },
    INSTALLATION: { description: "Whoever has the installation's token, or GraphiQL on its machine." },
  } as const,
})

export const AuditEntryRef = builder.prismaObject('AuditEntry', {
  fields: (t) => ({
    id: t.id({
      description: 'Tells it apart; the later of two has the greater one.',
      select: { id: true },
      resolve: ({ id }) => encodeGlobalId('AuditEntry', id),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was done.' }),
    actorKind: t.expose('actorKind', { type: ActorKindRef, description: 'What kind of caller did it.' }),
    actorId: t.exposeString('actorId', { nullable: true }),
    actorName: t.exposeString('actorName'),
    verb: t.exposeString('verb'),
    type: t.exposeString('entity'),
    nodeId: t.id({
      description: 'What was changed; `node` reads it, if it is still there.',
      select: { entity: true, entityId: true },
      resolve: ({ entity, entityId }) => encodeGlobalId(entity, entityId),
    }),
  }),
})

const AuditFilter = builder.inputType('AuditFilter', {
  description: 'Which changes to list: those that meet all that is given.',
  fields: (t) => ({
    actorId: t.string({ description: 'By whom, as `actorId` of an entry.' }),
    actorKind: t.field({ type: ActorKindRef, description: 'By what kind of caller.' }),
    nodeId: t.id({ description: 'Of what, for example of one segment.' }),
    type: t.string({ description: 'Of which type, for example `Segment`.' }),
    verb: t.string({ description: 'By which mutation, for example `updateSegment`.' }),
    since: t.field({ type: 'DateTime', description: 'Not before.' }),
    until: t.field({ type: 'DateTime', description: 'Before.' }),
  }),
})

const filterSchema = z.object({
  actorId: z.string().max(longest).nullish(),
  actorKind: z.enum(['USER', 'TOKEN', 'INSTALLATION']).nullish(),
  nodeId: z
    .string()
    .transform((text, context) => {
      const decoded = parseGlobalId(text)
      if (decoded !== undefined) return decoded
      const message = 'This is not an id. Pass an id as this API returned it.'
      context.addIssue({ code: 'custom', params: { code: 'bad_id' }, message })
      return z.NEVER
    })
    .nullish(),
  type: z.string().max(longest).nullish(),
  verb: z.string().max(longest).nullish(),
  since: z.date().nullish(),
  until: z.date().nullish(),
})

type Filter = z.output<typeof filterSchema>

builder.prismaObjectField(WorkspaceRef, 'auditTrail', (t) =>
  t.relatedConnection('auditTrail', {
    type: AuditEntryRef,
    cursor: 'id',
    description: 'What was changed by whom in the last 13 months, newest first. It cannot be altered.',
    args: {
      filter: t
        .arg({ type: AuditFilter, description: 'Default: everything.' })
        .validate(filterSchema.nullish()),
    },
    query: ({ filter }) => ({ where: whereOf(filter ?? {}), orderBy: { id: 'desc' } }),
  }),
)

function whereOf({ actorId, actorKind, nodeId, type, verb, since, until }: Partial<Filter>) {
  return {
    ...(actorId && { actorId }),
    ...(actorKind && { actorKind }),
    ...(nodeId && { entityId: nodeId.id }),
    ...(type && { entity: type }),
    ...(verb && { verb }),
    at: { ...(since && { gte: since }), ...(until && { lt: until }) },
  }
}
