/** Long lists of actions in GraphQL: searched, filtered, sorted, page by page. */
import { queryFromInfo } from '@pothos/plugin-prisma'
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { sortedConnection } from '../graphql/sorted-connection.ts'
import { orPast24Hours, TimeRangeInput } from '../metrics/range-input.ts'
import { rangeSchema } from '../metrics/range-schema.ts'
import { acceptedRange } from '../metrics/ranges.ts'
import { givenOnly } from '../workspaces/given.ts'
import { mostNamed } from '../workspaces/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { ActionStatusRef } from './details-schema.ts'
import { type ActionColumn, actionColumns, actionList } from './find-actions.ts'
import { ActionRef } from './schema.ts'
import { actionStatuses } from './status.ts'

const ActionColumnRef = builder.enumType('ActionColumn', {
  description: 'What a list of actions is sorted by. Names are sorted without regard to case.',
  values: {
    NAME: { description: 'The name.' },
    CREATED: { description: 'When it was created.' },
    CHANGED: { description: 'When it was last changed.' },
    TOTAL_VOLUME: { description: 'The total volume in the range.' },
    ERRORS: { description: 'The errors in the range.' },
  } as const satisfies Record<ActionColumn, { readonly description: string }>,
})

const ActionOrderInput = builder
  .inputType('ActionOrderInput', {
    description: 'How a list of actions is sorted. What is equal has an order that stays.',
    fields: (t) => ({
      by: t.field({ type: ActionColumnRef, required: true, description: 'The column.' }),
      isDescending: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether the greatest comes first.',
      }),
    }),
  })
  .validate(z.object({ by: z.enum(actionColumns), isDescending: z.boolean() }))

const ActionFilterInput = builder
  .inputType('ActionFilterInput', {
    description: 'Which actions are wanted: those that have all of this.',
    fields: (t) => ({
      search: t.string({
        description:
          'Words, whatever their order and case: each is a part of the name of the action, its connector, its vendor or its operation.',
      }),
      connectorIds: t.idList({ description: `Of one of these connectors, at most ${mostNamed}.` }),
      connectorTypes: t.stringList({
        description: `Of a connector of one of these types, at most ${mostNamed}, for example \`braze\`.`,
      }),
      dataSourceIds: t.idList({ description: `Reads one of these data sources, at most ${mostNamed}.` }),
      segmentIds: t.idList({ description: `Sends the rows of one of these segments, at most ${mostNamed}.` }),
      labelIds: t.idList({ description: `Bears one of these labels, at most ${mostNamed}.` }),
      statuses: t.field({ type: [ActionStatusRef], description: 'Is one of these.' }),
      isEnabled: t.boolean({ description: 'Whether it is switched on in the working copy.' }),
      hasErrors: t.boolean({ description: 'Whether there were errors in the range.' }),
    }),
  })
  .validate(
    z
      .object({
        search: z.string().max(200).nullish(),
        connectorIds: z.array(globalId('Connector')).max(mostNamed).nullish(),
        connectorTypes: z.array(z.string().max(200)).max(mostNamed).nullish(),
        dataSourceIds: z.array(globalId('DataSource')).max(mostNamed).nullish(),
        segmentIds: z.array(globalId('Segment')).max(mostNamed).nullish(),
        labelIds: z.array(globalId('Label')).max(mostNamed).nullish(),
        statuses: z.array(z.enum(actionStatuses)).nullish(),
        isEnabled: z.boolean().nullish(),
        hasErrors: z.boolean().nullish(),
      })
      .transform(givenOnly),
  )

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  findActions: t.connection(
    {
      type: ActionRef,
      description: 'Its actions as a long list: searched as people type, filtered, sorted, page by page.',
      args: {
        filter: t.arg({ type: ActionFilterInput, description: 'Which ones; default: all.' }),
        orderBy: t.arg({
          type: ActionOrderInput,
          required: true,
          defaultValue: { by: 'NAME', isDescending: false },
          description: 'How they are sorted.',
        }),
        range: t
          .arg({
            type: TimeRangeInput,
            ...orPast24Hours,
            description: 'The range of the counts that they are sorted by, or found by.',
          })
          .validate(rangeSchema),
      },
      resolve: ({ id }, { filter, orderBy, range, ...args }, context, info) => {
        const { db, deps } = context
        const counted = acceptedRange(range, deps.clock())
        return sortedConnection(context, {
          args,
          list: actionList(deps.registry, {
            workspaceId: id,
            filter: filter ?? {},
            ...orderBy,
            range: counted,
          }),
          readNodes: (ids) =>
            db.action.findMany({
              ...queryFromInfo({ context, info, typeName: 'Action', path: ['edges', 'node'], include: {} }),
              where: { id: { in: ids } },
            }),
        })
      },
    },
    {
      fields: (f) => ({
        totalCount: f.exposeInt('totalCount', { description: 'How many there are on all pages together.' }),
      }),
    },
  ),
}))
