/** The parameters of Canvas. */
import { z } from '@sluice/connector-sdk'
import { required } from '../fields.ts'
import { messageProperties } from '../message-fields.ts'
import { checkMessageRecipient, messageRecipientFields } from '../message-recipients.ts'
import { someOf } from '../user-ids.ts'

export const canvasParameters = z
  .object({
    canvasId: required(
      {
        title: 'Canvas ID',
        description: 'API identifier of the Canvas, which must be entered by API trigger.',
        group: 'Canvas',
        examples: ['8c1e4a7f-2d3b-4e6c-a5f9-0b7d6e8c1a2f'],
      },
      'canvas_id_missing',
    ),
    ...messageRecipientFields,
    context: messageProperties({
      title: 'Context',
      description:
        'Values for the steps of the Canvas, by the name that they have there; up to 50 KB a user.',
      group: 'Context',
      examples: [{ first_name: 'Ann' }],
    }),
  })
  .check(checkMessageRecipient)
  .meta(someOf('externalId', 'brazeId', 'aliasName', 'email'))

export type Canvas = z.output<typeof canvasParameters>
