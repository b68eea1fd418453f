/** Canvas: lets users enter an API-triggered Canvas. */
import { defineAction } from '@sluice/connector-sdk'
import { recipientOf } from '../identifiers.ts'
import { maxBytes } from '../max-bytes.ts'
import { interpretMessages } from '../message-answers.ts'
import { messageChoices } from '../message-choices.ts'
import { maxRecipients } from '../message-recipients.ts'
import { canvasParameters } from './parameters.ts'
import { planCanvas } from './plan.ts'

export const canvas = defineAction({
  title: 'Send Canvas Message',
  description: 'Lets each user enter an API-triggered Canvas, with values of its own.',
  version: 1,
  modes: ['upsert'],
  parameters: canvasParameters,
  choices: { canvasId: messageChoices('canvas') },
  limits: () => ({ weights: { recipients: maxRecipients }, bytes: maxBytes, onePerRecipient: true }),
  weigh: () => ({ recipients: 1 }),
  recipient: recipientOf,
  plan: planCanvas,
  interpret: interpretMessages,
})
