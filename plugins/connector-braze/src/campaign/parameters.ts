/** The parameters of Campaign. */
import { z } from '@sluice/connector-sdk'
import { required, trimmed } from '../fields.ts'
import { messageProperties } from '../message-fields.ts'
import { checkMessageRecipient, messageRecipientFields } from '../message-recipients.ts'
import { someOf } from '../user-ids.ts'

export const campaignParameters = z
  .object({
    campaignId: required(
      {
        title: 'Campaign ID',
        description: 'API identifier of the campaign, which must be delivered by API trigger.',
        group: 'Campaign',
        examples: ['3b6f1d0e-5a4c-4f7b-9c2d-8e1a0f6b7c9d'],
      },
      'campaign_id_missing',
    ),
    sendId: trimmed({
      title: 'Send ID',
      description: 'Identifier of a send that was made in Braze, to see its results apart from others.',
      group: 'Campaign',
    }),
    ...messageRecipientFields,
    triggerProperties: messageProperties({
      title: 'Trigger properties',
      description: 'Values for the message, by the name that its template has for them; up to 50 KB a user.',
      group: 'Trigger properties',
      examples: [{ first_name: 'Ann' }],
    }),
  })
  .check(checkMessageRecipient)
  .meta(someOf('externalId', 'brazeId', 'aliasName', 'email'))

export type Campaign = z.output<typeof campaignParameters>
