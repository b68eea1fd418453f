/** What else is done with segments in GraphQL: copied, deleted, switched, labelled. */
import { builder } from '../graphql/builder.ts'
import { InUse, InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import { ConnectorsDisabled } from '../workspaces/rules.ts'
import { deleteSegment } from './delete-segment.ts'
import { duplicateSegment } from './duplicate-segment.ts'
import {
  ActivateSegmentInput,
  DeactivateSegmentInput,
  DeleteSegmentInput,
  DuplicateSegmentInput,
  LabelSegmentsInput,
  UnlabelSegmentsInput,
} from './inputs.ts'
import { labelSegments, unlabelSegments } from './label-segments.ts'
import { SegmentRef } from './schema.ts'
import { activateSegment, deactivateSegment } from './switch-segment.ts'

const LabelledSegmentsRef = builder
  .objectRef<{ readonly segmentIds: readonly string[] }>('LabelledSegments')
  .implement({
    description: 'Segments whose labels were changed.',
    fields: (t) => ({
      segments: t.prismaField({
        type: [SegmentRef],
        description: 'The segments, by name.',
        resolve: (query, { segmentIds }, _args, { db }) =>
          db.segment.findMany({
            ...query,
            where: { id: { in: [...segmentIds] } },
            orderBy: { name: 'asc' },
          }),
      }),
    }),
  })

builder.mutationFields((t) => ({
  duplicateSegment: t.prismaField({
    type: SegmentRef,
    description: 'Copies a segment with its data sources, notes and labels. No action reads the copy.',
    errors: { types: [InvalidInput, NotFound, NameTaken, ConnectorsDisabled] },
    args: { input: t.arg({ type: DuplicateSegmentInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await duplicateSegment(context, input)
      return context.db.segment.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deleteSegment: t.prismaField({
    type: SegmentRef,
    description:
      'Deletes a segment in the working copy, once no action reads it. What runs keeps it until the next publish, and loading a version that has it brings it back.',
    errors: { types: [InvalidInput, NotFound, RevisionConflict, InUse] },
    args: { input: t.arg({ type: DeleteSegmentInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deleteSegment(context, input)
      return context.db.segment.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  activateSegment: t.prismaField({
    type: SegmentRef,
    description:
      'Activates all actions that read a segment, in the working copy: they run with the next publish. Nothing is changed while one of their connectors is not active.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: ActivateSegmentInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await activateSegment(context, input)
      return context.db.segment.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  deactivateSegment: t.prismaField({
    type: SegmentRef,
    description:
      'Deactivates all actions that read a segment, in the working copy: they end with the next publish.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: DeactivateSegmentInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await deactivateSegment(context, input)
      return context.db.segment.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  labelSegments: t.field({
    type: LabelledSegmentsRef,
    description:
      'Puts labels on segments. What has one keeps it. Labels act at once: they are not versioned.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: LabelSegmentsInput, required: true, description: 'Which on which.' }) },
    resolve: async (_root, { input }, context) => ({ segmentIds: await labelSegments(context, input) }),
  }),
  unlabelSegments: t.field({
    type: LabelledSegmentsRef,
    description: 'Takes labels off segments. Labels act at once: they are not versioned.',
    errors: { types: [InvalidInput, NotFound] },
    args: { input: t.arg({ type: UnlabelSegmentsInput, required: true, description: 'Which off which.' }) },
    resolve: async (_root, { input }, context) => ({ segmentIds: await unlabelSegments(context, input) }),
  }),
}))
