/** The previews of a publish and of a revert in GraphQL: where each lane would start, and how much it would read. */
import { requireRight, within } from '../access/rules.ts'
import { ActionRef } from '../actions/schema.ts'
import { previewStart } from '../actions/start-preview.ts'
import { LaneStartInput, laneStartsSchema, StartPointRef, StartPreviewRef } from '../actions/start-types.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { InvalidInput } from '../problems/rules.ts'
import { SourceTypeMissing, SourceUnavailable } from '../sources/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import type { StartReason } from './lane-starts.ts'
import { type PreviewedLane, publishPreview, revertPreview } from './publish-preview.ts'
import { VersionRef } from './schema.ts'

const StartReasonRef = builder.enumType('StartReason', {
  description: 'Why it matters where an action starts.',
  values: {
    NEW: { description: 'It has not read this data source before.' },
    CURSOR_CHANGED: {
      description: 'Key or cursor of its data source have changed, so that its place means nothing any more.',
    },
    SEGMENT_CHANGED: {
      description:
        'It has another segment, or other conditions: rows before its place that meet them now are read only if it starts earlier.',
    },
    CHOSEN: { description: 'It was asked for.' },
  } satisfies Record<StartReason, { readonly description: string }>,
})

const PreviewedLaneRef = builder.objectRef<PreviewedLane>('PreviewedStart').implement({
  description: 'An action for which a publish or a revert decides where it starts.',
  fields: (t) => ({
    action: t.prismaField({
      type: ActionRef,
      description: 'The action.',
      resolve: (query, { actionId }, _args, { access, db }) =>
        db.action.findUniqueOrThrow({ ...query, where: { id: actionId, ...within(access) } }),
    }),
    reason: t.field({
      type: StartReasonRef,
      description: 'Why it matters.',
      resolve: ({ reason }) => reason,
    }),
    from: t.field({
      type: StartPointRef,
      nullable: true,
      description: 'Where it would start; null: it goes on from its place.',
      resolve: ({ start }) => start?.from ?? null,
    }),
    needsStart: t.boolean({
      description: 'Whether nothing can be published before `starts` says where it starts.',
      resolve: ({ reason, start }) => reason === 'CURSOR_CHANGED' && start === null,
    }),
    preview: t.field({
      type: StartPreviewRef,
      description:
        'What it would read: the rows that meet its segment from there on; where nothing is said, from the beginning.',
      errors: {
        types: [InvalidInput, SourceUnavailable, SourceTypeMissing],
        union: { name: 'PreviewedStartPreviewResult', description: 'The rows, or why they cannot be told.' },
      },
      resolve: ({ conditions, source, start }, _args, { access, deps }) => {
        requireRight(access, source.connection.workspaceId, 'preview')
        const from = start ?? { from: 'BEGINNING', value: null }
        return previewStart(deps, { source, conditions, start: from, limit: 10 })
      },
    }),
  }),
})

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  publishPreview: t.field({
    type: [PreviewedLaneRef],
    description: 'The actions for which a publish of the working copy would decide where they start.',
    select: { id: true, liveVersion: true },
    args: {
      starts: t
        .arg({ type: [LaneStartInput], description: 'What would be said with the publish.' })
        .validate(laneStartsSchema),
    },
    resolve: (workspace, { starts }, { db }) => publishPreview({ db }, workspace, starts ?? []),
  }),
}))

builder.prismaObjectFields(VersionRef, (t) => ({
  revertPreview: t.field({
    type: [PreviewedLaneRef],
    description:
      'The actions for which `revertToVersion`, or with a connector `revertConnector`, would decide where they start.',
    args: {
      connectorId: t.arg
        .id({ description: 'Only this connector is reverted. Nothing starts if the version lacks it.' })
        .validate(globalId('Connector').nullish()),
      starts: t
        .arg({ type: [LaneStartInput], description: 'What would be said with the revert.' })
        .validate(laneStartsSchema),
    },
    resolve: (version, { connectorId, starts }, { db }) =>
      revertPreview({ db }, version, { connectorId: connectorId ?? undefined, starts: starts ?? [] }),
  }),
}))
