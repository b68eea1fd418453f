/** Campaign: sends the message of an API-triggered campaign. */
import { defineAction } from '@sluice/connector-sdk'
import { recipientOf } from '../identifiers.ts'
import { maxBytes } from '../max-bytes.ts'
import { interpretMessages } from '../message-answers.ts'
import { messageChoices } from '../message-choices.ts'
import { maxRecipients } from '../message-recipients.ts'
import { campaignParameters } from './parameters.ts'
import { planCampaign } from './plan.ts'

export const campaign = defineAction({
  title: 'Send Campaign Message',
  description: 'Sends the message of an API-triggered campaign to each user, with values of its own.',
  version: 1,
  modes: ['upsert'],
  parameters: campaignParameters,
  choices: { campaignId: messageChoices('campaign') },
  limits: () => ({ weights: { recipients: maxRecipients }, bytes: maxBytes, onePerRecipient: true }),
  weigh: () => ({ recipients: 1 }),
  recipient: recipientOf,
  plan: planCampaign,
  interpret: interpretMessages,
})
