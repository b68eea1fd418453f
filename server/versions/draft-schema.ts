/** Drafts in GraphQL: working copies that were put aside, and what takes the working copy's place. */
import { within } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput, NotFound } from '../problems/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { deleteDraft, keepDraft, saveDraft } from './drafts.ts'
import { DeleteDraftInput, KeepDraftInput, LoadWorkingCopyInput, SaveDraftInput } from './inputs.ts'
import { type Loaded, loadWorkingCopy } from './load-working-copy.ts'
import { mostAutomaticDrafts, WorkingCopyConflict } from './rules.ts'

export const DraftRef = builder.prismaNode('Draft', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace it belongs to.' }),
    name: t.exposeString('name'),
    isAutomatic: t.exposeBoolean('isAutomatic', {
      description: `Whether it was put aside because something took the place of the working copy. The newest ${mostAutomaticDrafts} such drafts of a workspace stay; \`keepDraft\` keeps one for good.`,
    }),
    createdBy: t.exposeString('actorName', {
      nullable: true,
      description: 'Who put it aside, by name.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was put aside.' }),
  }),
})

builder.prismaObjectField(WorkspaceRef, 'drafts', (t) =>
  t.relatedConnection('drafts', {
    cursor: 'id',
    description: `Working copies that were put aside, newest first. What people save or keep stays until they delete it; of those put aside by loading and reverting the newest ${mostAutomaticDrafts} stay.`,
    query: { orderBy: { id: 'desc' } },
  }),
)

builder.queryField('draft', (t) =>
  t.prismaField({
    type: DraftRef,
    nullable: true,
    description: 'A draft by its id; null when there is none, or the token does not cover it.',
    args: { id: t.arg.id({ required: true, description: 'The draft.' }).validate(globalId('Draft')) },
    resolve: (query, _root, { id }, { db, access }) =>
      db.draft.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
)

const LoadedWorkingCopyRef = builder.objectRef<Loaded>('LoadedWorkingCopy').implement({
  description: 'A working copy that has taken the place of another one.',
  fields: (t) => ({
    workspace: t.prismaField({
      type: WorkspaceRef,
      description: 'The workspace.',
      resolve: (query, { workspaceId }, _args, { db }) =>
        db.workspace.findUniqueOrThrow({ ...query, where: { id: workspaceId } }),
    }),
    draft: t.prismaField({
      type: DraftRef,
      description: `The working copy as it was before: load it to undo this. It goes when ${mostAutomaticDrafts} newer ones were put aside so, unless it is kept.`,
      resolve: (query, { draftId }, _args, { db }) =>
        db.draft.findUniqueOrThrow({ ...query, where: { id: draftId } }),
    }),
  }),
})

builder.mutationFields((t) => ({
  saveDraft: t.prismaField({
    type: DraftRef,
    description: 'Puts the working copy aside as it is; it goes on as it is, too.',
    errors: { types: [InvalidInput, NotFound, WorkingCopyConflict] },
    args: { input: t.arg({ type: SaveDraftInput, required: true, description: 'The draft.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await saveDraft(context, input)
      return context.db.draft.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  keepDraft: t.prismaField({
    type: DraftRef,
    description:
      'Keeps a draft that loading or reverting has put aside, so that newer ones do not take its place, and names it if asked.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: KeepDraftInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      await keepDraft(context, input)
      return context.db.draft.findUniqueOrThrow({ ...query, where: { id: input.id } })
    },
  }),
  deleteDraft: t.prismaField({
    type: WorkspaceRef,
    description: 'Deletes a draft. What it was a copy of stays.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: DeleteDraftInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deleteDraft(context, input)
      return context.db.workspace.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  loadWorkingCopy: t.field({
    type: LoadedWorkingCopyRef,
    description:
      'Makes the working copy what a version or a draft is. It is put aside as a draft first. What runs changes with the next publish. Ids, secrets, pauses and positions stay as they are.',
    errors: { types: [InvalidInput, NotFound, WorkingCopyConflict] },
    args: { input: t.arg({ type: LoadWorkingCopyInput, required: true, description: 'What to load.' }) },
    resolve: (_root, { input }, context) => loadWorkingCopy(context, input),
  }),
}))
