/** The parameters of Transactional E-mail. */
import { z } from '@sluice/connector-sdk'
import { requiredName } from '../fields.ts'
import { messageAttributes, messageProperties } from '../message-fields.ts'
import { checkUserIds, someOf, userIdFields } from '../user-ids.ts'

const { externalId, aliasName, aliasLabel } = userIdFields

export const transactionalEmailParameters = z
  .object({
    campaignId: requiredName(
      {
        title: 'Campaign ID',
        description: 'API identifier of the transactional campaign.',
        group: 'Campaign',
        examples: ['3b6f1d0e-5a4c-4f7b-9c2d-8e1a0f6b7c9d'],
      },
      { missing: 'campaign_id_missing', invalid: 'invalid_campaign_id' },
    ),
    externalId,
    aliasName,
    aliasLabel,
    attributes: messageAttributes,
    triggerProperties: messageProperties({
      title: 'Trigger properties',
      description: 'Values for the e-mail, by the name that its template has for them; up to 50 KB.',
      group: 'Trigger properties',
      examples: [{ order_number: '1042' }],
    }),
  })
  .check(checkUserIds)
  .meta(someOf('externalId', 'aliasName'))

export type TransactionalEmail = z.output<typeof transactionalEmailParameters>
