/** Identify User: gives a profile known by alias, e-mail or phone its external id. */
import { defineAction } from '@sluice/connector-sdk'
import { recipientOf } from '../identifiers.ts'
import { maxBytes } from '../max-bytes.ts'
import { interpretWhole } from '../whole-answers.ts'
import { identifyUserParameters } from './parameters.ts'
import { maxUsers, planIdentifyUser } from './plan.ts'

export const identifyUser = defineAction({
  title: 'Identify User',
  description:
    'Gives the profile with an alias, e-mail or phone its external ID. Where a user has that ID already, the profile is merged into it.',
  version: 1,
  modes: ['upsert'],
  parameters: identifyUserParameters,
  limits: () => ({ weights: { users: maxUsers }, bytes: maxBytes, onePerRecipient: true }),
  weigh: () => ({ users: 1 }),
  recipient: ({ externalId }) => recipientOf({ externalId }),
  plan: planIdentifyUser,
  interpret: interpretWhole,
})
