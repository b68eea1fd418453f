/** The connectors' overview in GraphQL: a long list, searched, filtered, sorted by any column, page by page. */
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
import { type ConnectorColumn, connectorColumns, connectorList } from './find-connectors.ts'
import { connectorStatuses } from './rules.ts'
import { ConnectorRef, ConnectorStatusRef } from './schema.ts'

const mostSearched = 200

const ConnectorFilterInput = builder
  .inputType('ConnectorFilterInput', {
    description: 'Which connectors are wanted: those that have all of this.',
    fields: (t) => ({
      search: t.string({
        description:
          'What somebody types: words, each of which is a part of the connector’s name, or of the name or vendor of its type, in any order and case.',
      }),
      statuses: t.field({ type: [ConnectorStatusRef], description: 'One of these statuses.' }),
      labelIds: t.idList({ description: `One of these labels, at most ${mostNamed}.` }),
      isFavourite: t.boolean({ description: 'Whether it is a favourite of who asks.' }),
      types: t.stringList({
        description: `One of these types, at most ${mostNamed}: for example \`braze\`.`,
      }),
      categories: t.stringList({
        description: `Its type is in one of these categories, at most ${mostNamed}.`,
      }),
      hasErrors: t.boolean({
        description: 'Whether there were errors in the range: see `ConnectorOverview.errors`.',
      }),
    }),
  })
  .validate(
    z
      .object({
        search: z.string().max(mostSearched).nullish(),
        statuses: z.array(z.enum(connectorStatuses)).nullish(),
        labelIds: z.array(globalId('Label')).max(mostNamed).nullish(),
        isFavourite: z.boolean().nullish(),
        types: z.array(z.string()).max(mostNamed).nullish(),
        categories: z.array(z.string()).max(mostNamed).nullish(),
        hasErrors: z.boolean().nullish(),
      })
      .transform(givenOnly),
  )

const ConnectorColumnRef = builder.enumType('ConnectorColumn', {
  description: 'What a list of connectors is sorted by. Names are sorted without regard to case.',
  values: {
    NAME: { description: 'The name.' },
    TYPE: { description: 'The name of the type, as the marketplace has it.' },
    VENDOR: { description: 'The vendor of the type.' },
    STATUS: { description: 'The status: active, deprecated, inactive.' },
    ACTIONS: { description: 'The number of actions in the working copy.' },
    TOTAL_VOLUME: { description: 'The total volume in the range.' },
    SUCCESS: { description: 'The successes in the range.' },
    ERRORS: { description: 'The errors in the range.' },
    RETRIES: { description: 'The retries in the range.' },
    CHANGED: { description: 'When it, or one of its actions, was last changed.' },
    CREATED: { description: 'When it was created.' },
  } as const satisfies Record<ConnectorColumn, { readonly description: string }>,
})

const ConnectorOrderInput = builder
  .inputType('ConnectorOrderInput', {
    description: 'How a list of connectors is sorted. What is equal has an order that stays.',
    fields: (t) => ({
      by: t.field({ type: ConnectorColumnRef, required: true, description: 'The column.' }),
      isDescending: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether the greatest comes first.',
      }),
    }),
  })
  .validate(z.object({ by: z.enum(connectorColumns), isDescending: z.boolean() }))

builder.prismaObjectFields(WorkspaceRef, (t) => ({
  findConnectors: t.connection(
    {
      type: ConnectorRef,
      description:
        'Its connectors as the overview lists them: searched as somebody types, filtered, sorted by any column, page by page.',
      select: { id: true },
      args: {
        filter: t.arg({ type: ConnectorFilterInput, description: 'Which ones; default: all.' }),
        orderBy: t.arg({
          type: ConnectorOrderInput,
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
      resolve: ({ id: workspaceId }, { filter, orderBy, range, ...args }, context, info) => {
        const { db, deps } = context
        const counted = acceptedRange(range, deps.clock())
        const query = queryFromInfo({ context, info, path: ['edges', 'node'], include: {} })
        return sortedConnection(context, {
          args,
          list: connectorList(
            { access: context.access, registry: deps.registry },
            { workspaceId, filter: filter ?? {}, ...orderBy, range: counted },
          ),
          readNodes: (ids) => db.connector.findMany({ ...query, where: { workspaceId, id: { in: ids } } }),
        })
      },
    },
    {
      fields: (c) => ({
        totalCount: c.exposeInt('totalCount', { description: 'How many there are on all pages together.' }),
      }),
    },
  ),
}))
