/** One delivery in GraphQL: read, and watched until it is over. */
import { within } from '../access/rules.ts'
import { builder } from '../graphql/builder.ts'
import { globalId } from '../graphql/global-id.ts'
import { NotFound } from '../problems/rules.ts'
import { DeliveryRef } from './schema.ts'

builder.queryField('delivery', (t) =>
  t.prismaField({
    type: DeliveryRef,
    nullable: true,
    description: 'A delivery by its id; null when there is none, or the token does not cover it.',
    args: { id: t.arg.id({ required: true, description: 'The delivery.' }).validate(globalId('Delivery')) },
    resolve: (query, _root, { id }, { db, access }) =>
      db.delivery.findUnique({ ...query, where: { id, ...within(access) } }),
  }),
)

builder.subscriptionField('delivery', (t) =>
  t.field({
    type: DeliveryRef,
    description:
      'A delivery: as it is at once, then again whenever it changes, at most twice a second. The last value is COMPLETED or CANCELLED; with it the stream is complete.',
    args: { id: t.arg.id({ required: true, description: 'The delivery.' }).validate(globalId('Delivery')) },
    subscribe: async (_root, { id }, { db, access, deps }) => {
      const isVisible = (await db.delivery.count({ where: { id, ...within(access) } })) > 0
      if (!isVisible) throw new NotFound('Delivery', id)
      return deps.live.deliveries.watch(id)
    },
    resolve: (delivery) => delivery,
  }),
)
