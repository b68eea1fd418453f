/** What the connectors' overview tells of each in GraphQL: its actions, and what they did in a range of time. */
import type { Context } from '../context.ts'
import { CountsRef } from '../deliveries/schema.ts'
import { builder } from '../graphql/builder.ts'
import { DataKindRef } from '../marketplace/types.ts'
import { orPast24Hours, TimeRangeInput } from '../metrics/range-input.ts'
import { rangeSchema } from '../metrics/range-schema.ts'
import { acceptedRange } from '../metrics/ranges.ts'
import { RangeCountsRef } from '../metrics/trend-schema.ts'
import { NotFound } from '../problems/rules.ts'
import { type ActionCounts, type ConnectorOverview, readOverviews } from './overview.ts'

const ActionCountsRef = builder.objectRef<ActionCounts>('ActionCounts').implement({
  description: 'How many actions there are in the working copy that take one kind of data.',
  fields: (t) => ({
    dataKind: t.expose('dataKind', { type: DataKindRef, description: 'The kind of data.' }),
    total: t.exposeInt('total', { description: 'In all.' }),
    active: t.exposeInt('active', { description: 'Those that are active: see `Action.isEnabled`.' }),
    paused: t.exposeInt('paused', { description: 'Those that are paused, by command or by a failure.' }),
  }),
})

const ConnectorOverviewRef = builder.objectRef<ConnectorOverview>('ConnectorOverview').implement({
  description:
    'What the overview tells of a connector. The counts are of all its actions, also of those that were deleted in the working copy; an action takes them along to another connector.',
  interfaces: [CountsRef, RangeCountsRef],
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'From when on was really counted.' }),
    to: t.expose('to', { type: 'DateTime', description: 'Until when was really counted.' }),
    actions: t.expose('actions', {
      type: [ActionCountsRef],
      description:
        'Its actions in the working copy, by the kind of data that feeds them. Data sources give records: there is one entry, also where there is no action.',
    }),
    changedAt: t.expose('changedAt', {
      type: 'DateTime',
      description: 'When it, or one of its actions, was last changed.',
    }),
  }),
})

builder.prismaObjectField('Connector', 'overview', (t) =>
  t.loadable({
    type: ConnectorOverviewRef,
    description:
      'What the overview tells of it: its actions, and what they did in a range of time. Two statements for a whole list.',
    args: {
      range: t
        .arg({
          type: TimeRangeInput,
          ...orPast24Hours,
          description: 'Of when the counts are.',
        })
        .validate(rangeSchema),
    },
    byPath: true,
    load: async (ids: string[], { db, deps }: Context, { range }) => {
      const overviews = await readOverviews(db, ids, acceptedRange(range, deps.clock()))
      // It may have been deleted between the two reads.
      return ids.map((id) => overviews.get(id) ?? new NotFound('Connector', id))
    },
    resolve: ({ id }) => id,
  }),
)
