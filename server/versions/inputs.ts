/** The inputs of publishing, reverting, loading and comparing. */
import { z } from 'zod'
import { LaneStartInput, laneStartsSchema } from '../actions/start-types.ts'
import { builder } from '../graphql/builder.ts'
import { globalId, parseGlobalId } from '../graphql/global-id.ts'
import { givenOnly } from '../workspaces/given.ts'
import type { Kept } from './load-working-copy.ts'
import { notesSchema } from './rules.ts'

const about = {
  workspaceId: 'The workspace.',
  starts:
    'Where actions start, beside what they say themselves. One whose data source has another key or cursor now needs it; what runs already must be paused or stopped. `Workspace.publishPreview` and `Version.revertPreview` list what may be said.',
  moreNotes: 'What to add to the notes, which say to which version it goes back.',
} as const

/** No fingerprint and no name is longer. */
const maxText = 200
const name = z.string().trim().max(maxText).nullish()

/** The id of a version or a draft. */
export const keptId = z.string().transform((text, context): Kept => {
  const decoded = parseGlobalId(text)
  if (decoded?.typename === 'Version' || decoded?.typename === 'Draft') {
    return { entity: decoded.typename, id: decoded.id }
  }
  context.addIssue({
    code: 'custom',
    params: { code: 'bad_id' },
    message: 'This is not the id of a version or a draft. Ids look like Version_… and come from this API.',
  })
  return z.NEVER
})

export const PublishVersionInput = builder
  .inputType('PublishVersionInput', {
    description: 'Asks to publish the working copy of a workspace.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: about.workspaceId }),
      notes: t.string({
        required: true,
        description: 'Why it is published, for those who read the history. Blanks alone say nothing.',
      }),
      name: t.string({ description: 'What to call the version; by default the time.' }),
      fingerprint: t.string({
        description:
          '`Workspace.fingerprint` as it was when the changes were looked at: when somebody has edited or published since, nothing is done.',
      }),
      starts: t.field({ type: [LaneStartInput], description: about.starts }),
    }),
  })
  .validate(
    z
      .object({
        workspaceId: globalId('Workspace'),
        notes: notesSchema,
        name,
        fingerprint: z.string().max(maxText).nullish(),
        starts: laneStartsSchema,
      })
      .transform(givenOnly),
  )

export const RevertToVersionInput = builder
  .inputType('RevertToVersionInput', {
    description: 'Names the version to publish again.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The version, however old.' }),
      notes: t.string({ description: about.moreNotes }),
      starts: t.field({ type: [LaneStartInput], description: about.starts }),
    }),
  })
  .validate(
    z
      .object({ id: globalId('Version'), notes: notesSchema.nullish(), starts: laneStartsSchema })
      .transform(givenOnly),
  )

export const RevertConnectorInput = builder
  .inputType('RevertConnectorInput', {
    description: 'Names a connector, and the version to take it from.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The connector.' }),
      versionId: t.id({ required: true, description: 'A version that has it: see `Connector.versions`.' }),
      notes: t.string({ description: about.moreNotes }),
      starts: t.field({ type: [LaneStartInput], description: about.starts }),
    }),
  })
  .validate(
    z
      .object({
        ...{ id: globalId('Connector'), versionId: globalId('Version') },
        ...{ notes: notesSchema.nullish(), starts: laneStartsSchema },
      })
      .transform(givenOnly),
  )

export const SaveDraftInput = builder
  .inputType('SaveDraftInput', {
    description: 'A new draft: a copy of the working copy.',
    fields: (t) => ({
      workspaceId: t.id({ required: true, description: about.workspaceId }),
      name: t.string({ description: 'What to call it; by default the time.' }),
    }),
  })
  .validate(z.object({ workspaceId: globalId('Workspace'), name }).transform(givenOnly))

export const KeepDraftInput = builder
  .inputType('KeepDraftInput', {
    description: 'Names the draft to keep.',
    fields: (t) => ({
      id: t.id({ required: true, description: 'The draft.' }),
      name: t.string({ description: 'What to call it from now on; by default as it is called.' }),
    }),
  })
  .validate(z.object({ id: globalId('Draft'), name }).transform(givenOnly))

export const DeleteDraftInput = builder
  .inputType('DeleteDraftInput', {
    description: 'Names the draft to delete.',
    fields: (t) => ({ id: t.id({ required: true, description: 'The draft.' }) }),
  })
  .validate(z.object({ id: globalId('Draft') }))

export const LoadWorkingCopyInput = builder
  .inputType('LoadWorkingCopyInput', {
    description: 'Names what the working copy is to become.',
    fields: (t) => ({ from: t.id({ required: true, description: 'A version or a draft.' }) }),
  })
  .validate(z.object({ from: keptId }))

export const VersionFilter = builder
  .inputType('VersionFilter', {
    description: 'Which versions to list: those that meet all that is given.',
    fields: (t) => ({
      publishedFrom: t.field({ type: 'DateTime', description: 'Published then or later.' }),
      publishedBefore: t.field({ type: 'DateTime', description: 'Published earlier than that.' }),
      publishedBy: t.string({
        description: 'Published by this person or token: an id as `Version.publishedById`, or a whole name.',
      }),
      text: t.string({ description: 'Contained in the notes or the name, whatever the case.' }),
    }),
  })
  .validate(
    z
      .object({
        publishedFrom: z.date().nullish(),
        publishedBefore: z.date().nullish(),
        publishedBy: z.string().max(maxText).nullish(),
        text: z.string().max(maxText).nullish(),
      })
      .transform(givenOnly),
  )
