/** Versions in GraphQL: publishing the working copy, and what was published. */
import { z } from 'zod'
import { within } from '../access/rules.ts'
import { StillRunning, WorkflowsUnavailable } from '../actions/rules.ts'
import { ActionRef } from '../actions/schema.ts'
import { LaneStartInput, laneStartsSchema } from '../actions/start-types.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { encodeGlobalId, globalId } from '../graphql/global-id.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { type DocumentKind, entityOfKind, NotPublishable, type PublishProblem } from './rules.ts'
import { isActionLive, listDocuments, publishVersion, type VersionDocument } from './service.ts'

const DocumentKindRef = builder.enumType('DocumentKind', {
  description: 'What a document of a version is about.',
  values: {
    CONNECTION: {
      value: 'connection',
      description: 'A connection of data sources, without its secrets.',
    },
    SOURCE: { value: 'source', description: 'A data source.' },
    SEGMENT: { value: 'segment', description: 'A segment.' },
    CONNECTOR: { value: 'connector', description: 'A connector, without its secrets.' },
    ACTION: { value: 'action', description: 'An action.' },
  } as const satisfies Record<string, { readonly value: DocumentKind; readonly description: string }>,
})

const VersionDocumentRef = builder.objectRef<VersionDocument>('VersionDocument').implement({
  description: 'One immutable piece of a version.',
  fields: (t) => ({
    kind: t.field({ type: DocumentKindRef, description: 'What it is about.', resolve: ({ kind }) => kind }),
    entityId: t.id({
      description: 'The entity that it is a copy of.',
      resolve: ({ kind, id }) => encodeGlobalId(entityOfKind[kind], id),
    }),
    name: t.exposeString('name', { description: 'The name that the entity had.' }),
    hash: t.exposeString('hash', {
      description: 'SHA-256 of its content: equal in versions between which nothing changed.',
    }),
    body: t.field({
      type: 'JSON',
      description: 'Its content, as it runs. It holds no secret.',
      resolve: ({ body }) => body,
    }),
  }),
})

export const VersionRef = builder.prismaNode('Version', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace it belongs to.' }),
    number: t.exposeInt('number'),
    notes: t.exposeString('notes'),
    publishedAt: t.expose('publishedAt', { type: 'DateTime', description: 'When it was published.' }),
    isLive: t.boolean({
      description: 'Whether it is the one that runs.',
      select: { number: true, workspace: { select: { liveVersion: true } } },
      resolve: ({ number, workspace }) => workspace.liveVersion === number,
    }),
    documents: t.field({
      type: [VersionDocumentRef],
      description: 'What it consists of.',
      resolve: (version, _args, { db }) => listDocuments({ db }, version),
    }),
  }),
})

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  liveVersion: t.prismaField({
    type: VersionRef,
    nullable: true,
    description: 'The published version that runs; null before the first publish.',
    select: { id: true, liveVersion: true },
    resolve: (query, { id, liveVersion }, _args, { db }) =>
      liveVersion === null
        ? null
        : db.version.findUnique({
            ...query,
            where: { workspaceId_number: { workspaceId: id, number: liveVersion } },
          }),
  }),
  versions: t.relatedConnection('versions', {
    cursor: 'id',
    description: 'What was published, newest first.',
    query: { orderBy: { number: 'desc' } },
  }),
}))

const PublishProblemRef = builder.objectRef<PublishProblem>('PublishProblem').implement({
  description: 'One thing that keeps the working copy from being published.',
  fields: (t) => ({
    nodeId: t.id({
      description: 'The entity that it lies in; `node` reads it.',
      resolve: ({ entity, entityId }) => encodeGlobalId(entity, entityId),
    }),
    path: t.stringList({
      description: 'Where in the entity, outermost first; empty: the entity as a whole.',
      resolve: ({ path }) => path.map(String),
    }),
    code: t.exposeString('code', { description: 'Stable, for programs; all are listed in docs/errors.md.' }),
    message: t.exposeString('message', { description: 'For people: what is wrong and what to do.' }),
    line: t.int({
      nullable: true,
      description: 'In a template: the line, from 1.',
      resolve: ({ line }) => line ?? null,
    }),
    column: t.int({
      nullable: true,
      description: 'In a template: the column in the line, from 1, in UTF-16 code units.',
      resolve: ({ column }) => column ?? null,
    }),
  }),
})

builder.objectType(NotPublishable, {
  name: 'NotPublishable',
  description: 'The working copy cannot run as it is, so it was not published. What runs goes on.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    problems: t.field({
      type: [PublishProblemRef],
      description: 'All of them, not the first one only.',
      resolve: ({ problems }) => problems,
    }),
  }),
})

builder.queryField('version', (t) =>
  t.prismaField({
    type: VersionRef,
    nullable: true,
    description: 'A version by its id; null when there is none, or the token does not cover it.',
    args: { id: t.arg.id({ required: true, description: 'The version.' }).validate(globalId('Version')) },
    resolve: (query, _root, { id }, { db, access }) =>
      db.version.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
)

const PublishVersionInput = builder
  .inputType('PublishVersionInput', {
    description: 'Asks to publish the working copy of a workspace.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: 'The workspace.' }),
      notes: t.string({ description: 'Why it is published, for those who read the list of versions.' }),
      starts: t.field({
        type: [LaneStartInput],
        description:
          'Where actions start, beside what they say themselves. One whose data source has another key or cursor now needs it; what runs already must be paused or stopped. `publishPreview` lists what may be said.',
      }),
    }),
  })
  .validate(
    z
      .object({
        workspaceId: globalId('Workspace'),
        notes: z.string().trim().nullish(),
        starts: laneStartsSchema,
      })
      .transform(({ notes, starts, workspaceId }) => ({ workspaceId, notes: notes ?? '', starts })),
  )

builder.mutationField('publishVersion', (t) =>
  t.prismaField({
    type: VersionRef,
    description: 'Checks the whole working copy and makes it what runs.',
    errors: { types: [InvalidInput, NotFound, NotPublishable, StillRunning, WorkflowsUnavailable] },
    args: { input: t.arg({ type: PublishVersionInput, required: true, description: 'What to publish.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await publishVersion(context, input)
      return context.db.version.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
)

builder.prismaObjectFields(ActionRef, (t) => ({
  isLive: t.boolean({
    description: 'Whether the version that runs has it, switched on, under a connector that is switched on.',
    select: { id: true, workspace: { select: { id: true, liveVersion: true } } },
    resolve: ({ id, workspace }, _args, { db }) => isActionLive({ db }, workspace, id),
  }),
}))
