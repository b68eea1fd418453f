/** Versions in GraphQL: publishing the working copy, and what was published. */
import { within } from '../access/rules.ts'
import { StillRunning, WorkflowsUnavailable } from '../actions/rules.ts'
import { ActionRef } from '../actions/schema.ts'
import { ConnectorRef } from '../connectors/schema.ts'
import { DeliveryRef } from '../deliveries/schema.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { encodeGlobalId, globalId } from '../graphql/global-id.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { ComparisonRef, DocumentKindRef, UnpublishedChangeRef } from './change-types.ts'
import { compare, unpublishedChanges } from './compare.ts'
import {
  keptId,
  PublishVersionInput,
  RevertConnectorInput,
  RevertToVersionInput,
  VersionFilter,
} from './inputs.ts'
import { filteredVersions } from './list-versions.ts'
import { revertConnector } from './revert-connector.ts'
import { revertToVersion } from './revert-to-version.ts'
import { entityOfKind, NotPublishable, type PublishProblem, WorkingCopyConflict } from './rules.ts'
import { readSeen, seenText } from './seen.ts'
import { listDocuments, publishVersion, type VersionDocument } from './service.ts'

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
    name: t.exposeString('name'),
    notes: t.exposeString('notes'),
    publishedBy: t.exposeString('actorName', {
      nullable: true,
      description: 'Who published it, by name; null where that was not written down.',
    }),
    publishedById: t.exposeString('actorId', {
      nullable: true,
      description: 'Who published it, by id; null for the installation itself.',
    }),
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
    args: { filter: t.arg({ type: VersionFilter, description: 'Which ones.' }) },
    query: ({ filter }) => ({ where: filteredVersions(filter ?? {}), orderBy: { number: 'desc' } }),
  }),
  fingerprint: t.string({
    description:
      'Changes with every edit and every publish. Give it to `publishVersion`, to publish only what was looked at.',
    resolve: async ({ id }, _args, { db }) => seenText(await readSeen(db, id)),
  }),
  changes: t.field({
    type: [UnpublishedChangeRef],
    description: 'What the next publish would change, by kind and name.',
    resolve: ({ id }, _args, context) => unpublishedChanges(context, id),
  }),
  comparison: t.field({
    type: ComparisonRef,
    description: 'What differs between any two: versions, drafts, the working copy.',
    args: {
      before: t.arg.id({ required: true, description: 'A version or a draft.' }).validate(keptId),
      after: t.arg
        .id({ description: 'A version or a draft; left out: the working copy.' })
        .validate(keptId.nullish()),
    },
    errors: {
      types: [InvalidInput, NotFound],
      union: { name: 'ComparisonResult', description: 'What differs, or why it cannot be told.' },
    },
    resolve: async ({ id }, { before, after }, context) => ({
      changes: await compare(context, id, { before, after: after ?? undefined }),
    }),
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

builder.objectType(WorkingCopyConflict, {
  name: 'WorkingCopyConflict',
  description: 'Somebody has edited or published meanwhile, so nothing was done.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    workspace: t.prismaField({
      type: WorkspaceRef,
      description: 'The workspace as it is now: its changes, its fingerprint, the version that runs.',
      resolve: (query, { workspaceId }, _args, { db }) =>
        db.workspace.findUniqueOrThrow({ ...query, where: { id: workspaceId } }),
    }),
  }),
})

const whyNotPublished = [
  InvalidInput,
  NotFound,
  NotPublishable,
  StillRunning,
  WorkingCopyConflict,
  WorkflowsUnavailable,
]

builder.mutationFields((t) => ({
  publishVersion: t.prismaField({
    type: VersionRef,
    description: 'Checks the whole working copy and makes it what runs.',
    errors: { types: whyNotPublished },
    args: { input: t.arg({ type: PublishVersionInput, required: true, description: 'What to publish.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await publishVersion(context, input)
      return context.db.version.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  revertToVersion: t.prismaField({
    type: VersionRef,
    description:
      'Publishes an old version again, as a new one, if all of it can still run. The working copy is put aside as a draft, then becomes the same.',
    errors: { types: whyNotPublished },
    args: { input: t.arg({ type: RevertToVersionInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await revertToVersion(context, input)
      return context.db.version.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  revertConnector: t.prismaField({
    type: VersionRef,
    description:
      'Publishes what runs now with one connector, its actions and their templates as an old version has them. Whatever they refer to must still be there. The working copy is put aside as a draft and gets the same connector; what else was edited stays unpublished.',
    errors: { types: whyNotPublished },
    args: { input: t.arg({ type: RevertConnectorInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await revertConnector(context, input)
      return context.db.version.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))

builder.prismaObjectField(DeliveryRef, 'version', (t) =>
  t.prismaField({
    type: VersionRef,
    description: 'The version that it was sent with, retries included.',
    select: { workspaceId: true, versionNumber: true },
    resolve: (query, { workspaceId, versionNumber: number }, _args, { db }) =>
      db.version.findUniqueOrThrow({ ...query, where: { workspaceId_number: { workspaceId, number } } }),
  }),
)

builder.prismaObjectField(ConnectorRef, 'versions', (t) =>
  t.prismaConnection({
    type: VersionRef,
    cursor: 'id',
    description: 'The versions that changed it, its actions or their templates, newest first.',
    args: { filter: t.arg({ type: VersionFilter, description: 'Which ones.' }) },
    resolve: (query, { id, workspaceId }, { filter }, { db }) =>
      db.version.findMany({
        ...query,
        where: { workspaceId, connectors: { some: { connectorId: id } }, ...filteredVersions(filter ?? {}) },
        orderBy: { number: 'desc' },
      }),
  }),
)

builder.prismaObjectField(ActionRef, 'versions', (t) =>
  t.prismaConnection({
    type: VersionRef,
    cursor: 'id',
    description: 'The versions that changed it or its templates, newest first.',
    args: { filter: t.arg({ type: VersionFilter, description: 'Which ones.' }) },
    resolve: (query, { id, workspaceId }, { filter }, { db }) =>
      db.version.findMany({
        ...query,
        where: { workspaceId, actions: { some: { actionId: id } }, ...filteredVersions(filter ?? {}) },
        orderBy: { number: 'desc' },
      }),
  }),
)
