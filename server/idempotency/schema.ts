/** What becomes of a mutation whose key has been used before, in GraphQL. */
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { encodeGlobalId } from '../graphql/global-id.ts'
import { AlreadyDone, IdempotencyKeyReused } from './rules.ts'

builder.objectType(IdempotencyKeyReused, {
  name: 'IdempotencyKeyReused',
  description: 'The idempotency key was used for another mutation or another input, so nothing was done.',
  interfaces: [ProblemRef],
})

builder.objectType(AlreadyDone, {
  name: 'AlreadyDone',
  description:
    'It was done before with this idempotency key; its answer is not kept, so it cannot be repeated.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    doneAt: t.expose('doneAt', { type: 'DateTime', description: 'When it was done.' }),
    nodeId: t.id({
      description: 'What it was about; `node` reads it, if it is still there.',
      resolve: ({ entity, entityId }) => encodeGlobalId(entity, entityId),
    }),
  }),
})
