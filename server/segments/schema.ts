/** Segments in GraphQL: conditions, what they mean in words, which rows meet them. */
import { z } from 'zod'
import { conditionsSchema } from '../../engine/rules/conditions.ts'
import { describeConditions } from '../../engine/rules/describe.ts'
import { type RescanSchedule, rescanSchema } from '../../engine/rules/rescan.ts'
import { within } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { LabelRef } from '../labels/schema.ts'
import { InvalidInput, NameTaken, NotFound, RevisionConflict } from '../problems/rules.ts'
import { DataSourceRef } from '../sources/schema.ts'
import { SourceRowsRef } from '../sources/types.ts'
import { present } from '../workspaces/present.ts'
import { ConnectorsDisabled } from '../workspaces/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { CreateSegmentInput, RescanKindRef, UpdateSegmentInput } from './inputs.ts'
import { countMatching, matchingRows } from './matching.ts'
import { createSegment, sourceOfSegment, updateSegment } from './service.ts'
import { MatchCountRef, whyNotRead } from './types.ts'

const RescanRef = builder.objectRef<RescanSchedule>('Rescan').implement({
  description: 'When rows that did not change are asked again.',
  fields: (t) => ({
    kind: t.expose('kind', { type: RescanKindRef, description: 'How often.' }),
    hour: t.int({
      nullable: true,
      description: 'DAILY: the hour in UTC.',
      resolve: (rescan) => ('hour' in rescan ? rescan.hour : null),
    }),
  }),
})

export const SegmentRef = builder.prismaNode('Segment', {
  id: { field: 'id', description: 'Its id.' },
  findUnique: (id, { access }) => ({ id, ...within(access) }),
  nullable: true,
  fields: (t) => ({
    workspace: t.relation('workspace', { description: 'The workspace it belongs to.' }),
    name: t.exposeString('name', { description: 'Its name, unique in the workspace.' }),
    conditions: t.expose('conditions', { type: 'JSON' }),
    description: t.string({
      description: 'The conditions in words.',
      resolve: ({ conditions }) => describeConditions(conditionsSchema.parse(conditions)),
    }),
    dataSources: t.field({
      type: [DataSourceRef],
      description: 'The data sources that its conditions are for.',
      select: (_args, _context, nestedSelection) => ({
        sources: { select: { dataSource: nestedSelection({}) }, orderBy: { dataSource: { name: 'asc' } } },
      }),
      resolve: ({ sources }) => sources.map(({ dataSource }) => dataSource),
    }),
    rescan: t.field({
      type: RescanRef,
      nullable: true,
      description:
        'When rows that did not change are asked again. It matters where the conditions depend on what is now; null where none was ever needed.',
      resolve: ({ rescan }) => rescanSchema.nullable().parse(rescan),
    }),
    notes: t.exposeString('notes'),
    labels: t.field({
      type: [LabelRef],
      description: 'Its labels, by name.',
      select: (_args, _context, nestedSelection) => ({
        labels: { select: { label: nestedSelection({}) }, orderBy: { label: { name: 'asc' } } },
      }),
      resolve: ({ labels }) => labels.map(({ label }) => label),
    }),
    deletedAt: t.expose('deletedAt', { type: 'DateTime', nullable: true }),
    revision: t.exposeInt('revision'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
    preview: t.field({
      type: SourceRowsRef,
      description: 'Reads the first rows that meet it, in the order of change.',
      args: {
        dataSourceId: t.arg
          .id({ required: true, description: 'One of its data sources.' })
          .validate(globalId('DataSource')),
        limit: t.arg
          .int({ required: true, defaultValue: 10, description: 'How many, from 1 to 100.' })
          .validate(z.int().min(1).max(100)),
      },
      errors: {
        types: whyNotRead,
        union: { name: 'SegmentPreviewResult', description: 'The rows, or why they cannot be read.' },
      },
      resolve: async ({ id, conditions }, { dataSourceId, limit }, context) => {
        const source = await sourceOfSegment(context, id, dataSourceId, 'preview')
        return { rows: await matchingRows(context.deps, source, conditionsSchema.parse(conditions), limit) }
      },
    }),
    count: t.field({
      type: MatchCountRef,
      description: 'Counts the rows that meet it, reading the whole source for at most 20 seconds.',
      args: {
        dataSourceId: t.arg
          .id({ required: true, description: 'One of its data sources.' })
          .validate(globalId('DataSource')),
      },
      errors: {
        types: whyNotRead,
        union: { name: 'SegmentCountResult', description: 'The count, or why it cannot be told.' },
      },
      resolve: async ({ id, conditions }, { dataSourceId }, context) => {
        const source = await sourceOfSegment(context, id, dataSourceId, 'read')
        return countMatching(context.deps, source, conditionsSchema.parse(conditions))
      },
    }),
  }),
})

builder.prismaObjectField(WorkspaceRef, 'segments', (t) =>
  t.relation('segments', {
    description: 'Its segments, by name.',
    query: { where: present, orderBy: { name: 'asc' } },
  }),
)

builder.prismaObjectFields(DataSourceRef, (t) => ({
  segments: t.field({
    type: [SegmentRef],
    description: 'The segments that have conditions for it.',
    select: (_args, _context, nestedSelection) => ({
      segments: {
        where: { segment: present },
        select: { segment: nestedSelection({}) },
        orderBy: { segment: { name: 'asc' } },
      },
    }),
    resolve: ({ segments }) => segments.map(({ segment }) => segment),
  }),
}))

builder.queryField('segment', (t) =>
  t.prismaField({
    type: SegmentRef,
    nullable: true,
    description: 'A segment by its id; null when there is none, or the token does not cover it.',
    args: { id: t.arg.id({ required: true, description: 'The segment.' }).validate(globalId('Segment')) },
    resolve: (query, _root, { id }, { db, access }) =>
      db.segment.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
)

builder.mutationFields((t) => ({
  createSegment: t.prismaField({
    type: SegmentRef,
    description: 'Creates a segment whose conditions fit each of its data sources.',
    errors: { types: [InvalidInput, NotFound, NameTaken, ConnectorsDisabled] },
    args: { input: t.arg({ type: CreateSegmentInput, required: true, description: 'The segment.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await createSegment(context, input)
      return context.db.segment.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  updateSegment: t.prismaField({
    type: SegmentRef,
    description: 'Changes a segment in the working copy. What runs changes with the next publish.',
    errors: { types: [InvalidInput, NotFound, NameTaken, RevisionConflict] },
    args: { input: t.arg({ type: UpdateSegmentInput, required: true, description: 'The changes.' }) },
    resolve: async (query, _root, { input }, context) => {
      const id = await updateSegment(context, input)
      return context.db.segment.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))
