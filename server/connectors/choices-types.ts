/** The choices of a vendor in GraphQL. */
import type { Choice } from '@sluice/connector-sdk'
import { builder } from '../graphql/builder.ts'
import { ProblemRef } from '../graphql/errors.ts'
import type { FoundChoices } from './choices.ts'
import { ChoicesUnavailable } from './rules.ts'

const ChoiceRef = builder.objectRef<Choice>('ParameterChoice').implement({
  description: 'One of the values that a parameter can have at the vendor.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'The value, for a constant in a mapping.' }),
    label: t.exposeString('label', { description: 'Its name for people, as the vendor has it.' }),
  }),
})

export const FoundChoicesRef = builder.objectRef<FoundChoices>('ParameterChoices').implement({
  description: 'What the vendor offers for a parameter.',
  fields: (t) => ({
    choices: t.field({
      type: [ChoiceRef],
      description: "In the vendor's order.",
      resolve: ({ choices }) => choices,
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description: 'False where the vendor has more than are asked for: the value can be written by hand.',
    }),
  }),
})

builder.objectType(ChoicesUnavailable, {
  name: 'ChoicesUnavailable',
  description: 'The vendor did not give the choices. The value can be written by hand.',
  interfaces: [ProblemRef],
  fields: (t) => ({
    vendorCode: t.exposeString('vendorCode', {
      description: "What failed, for example `http_500`. The vendor's own words are kept nowhere.",
    }),
  }),
})
