/** Long lists of actions in GraphQL: searched, filtered, sorted, page by page. */
import { queryFromInfo } from '@pothos/plugin-prisma'
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { sortedConnection } from '../graphql/sorted-connection.ts'
import { TimeRangeInput } from '../metrics/range-input.ts'
import { rangeSchema } from '../metrics/range-schema.ts'
import { countedRange, rangeIssues } from '../metrics/ranges.ts'
import { rejectIssues } from '../problems/rules.ts'
import { givenOnly } from '../workspaces/given.ts'
import { mostNamed } from '../workspaces/rules.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import { ActionStatusRef } from './details-schema.ts'
import { type ActionOrder, actionList } from './find-actions.ts'
import { ActionRef } from './schema.ts'
import { actionStatuses } from './status.ts'

const ActionOrderRef = builder.enumType('ActionOrder', {
  description: 'What a list of actions is sorted by.',
  values: {
    NAME: { description: 'The name.' },
    CREATED: { description: 'When it was created.' },
    CHANGED: { description: 'When it was last changed.' },
    VOLUME: { description: 'How many records it had in the range.' },
    ERRORS: { description: 'How many of its records became dead letters in the range.' },
  } satisfies Record<ActionOrder, { readonly description: string }>,
})

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
      hasErrors: t.boolean({ description: 'Whether records of it became dead letters in the range.' }),
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
          type: ActionOrderRef,
          required: true,
          defaultValue: 'NAME',
          description: 'What they are sorted by.',
        }),
        descending: t.arg.boolean({
          required: true,
          defaultValue: false,
          description: 'Whether the last of that order comes first.',
        }),
        range: t
          .arg({
            type: TimeRangeInput,
            description: 'For VOLUME, ERRORS and `hasErrors`: the range of time. Default: the past 24 hours.',
          })
          .validate(rangeSchema),
      },
      resolve: ({ id }, { descending, filter, orderBy, range, ...args }, context, info) => {
        const { db, deps } = context
        const now = deps.clock()
        rejectIssues(rangeIssues(range, now))
        return sortedConnection(context, {
          args,
          list: actionList(deps.registry, {
            workspaceId: id,
            filter: filter ?? {},
            by: orderBy,
            isDescending: descending,
            range: countedRange(range, now),
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
        totalCount: f.int({
          description: 'How many there are in all.',
          resolve: ({ totalCount }) => totalCount,
        }),
      }),
    },
  ),
}))
