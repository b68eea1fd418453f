/** Transactional E-mail: sends one e-mail to one user, and never twice within a day. */
import { defineAction } from '@sluice/connector-sdk'
import { recipientOf } from '../identifiers.ts'
import { maxBytes } from '../max-bytes.ts'
import { interpretTransactionalEmail } from './interpret.ts'
import { transactionalEmailParameters } from './parameters.ts'
import { planTransactionalEmail } from './plan.ts'

export const transactionalEmail = defineAction({
  title: 'Send Transactional Email',
  description:
    'Sends the e-mail of a transactional campaign to one user at a time. Braze takes a repetition once.',
  version: 1,
  modes: ['upsert'],
  parameters: transactionalEmailParameters,
  limits: () => ({ weights: { messages: 1 }, bytes: maxBytes, onePerRecipient: true }),
  weigh: () => ({ messages: 1 }),
  recipient: recipientOf,
  plan: planTransactionalEmail,
  interpret: interpretTransactionalEmail,
})
