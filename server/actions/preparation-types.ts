/** An action's preparation in GraphQL: how far it is. */
import type { Preparation } from '../../prisma/generated/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import { stateAt } from './preparations.ts'
import { NotPrepared } from './rules.ts'

const PreparationStateRef = builder.enumType('PreparationState', {
  description: 'How far the preparation of an action is.',
  values: {
    RUNNING: { description: 'The vendor is being asked.' },
    DONE: { description: 'It was created.' },
    UNKNOWN: {
      description:
        'It may have been created, or not. Look at the vendor; then prepare again with `repeatUnknown`.',
    },
    FAILED: { description: 'Nothing was created. Prepare again once the cause is gone.' },
  } satisfies Record<Preparation['state'], { readonly description: string }>,
})

export const PreparationRef = builder.objectRef<Preparation>('Preparation').implement({
  description:
    'What an action has created at the vendor before its first delivery, such as a list. It is kept encrypted.',
  fields: (t) => ({
    state: t.field({
      type: PreparationStateRef,
      description: 'How far it is.',
      resolve: (preparation, _args, { deps }) => stateAt(preparation, deps.clock()),
    }),
    errorCode: t.exposeString('errorCode', {
      nullable: true,
      description: 'Why it is not done; null when it is, or where nothing is known.',
    }),
    attempts: t.int({
      description: 'How often the vendor was asked.',
      resolve: ({ attempt }) => attempt,
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was asked last.' }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When that ended; null while it has not.',
    }),
  }),
})

builder.objectType(NotPrepared, {
  name: 'NotPrepared',
  description: 'What an action needs at the vendor was not created, or nobody knows whether it was.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    errorCode: t.exposeString('errorCode', {
      nullable: true,
      description: "What failed; null where that is not known. The vendor's own words are kept nowhere.",
    }),
  }),
})
