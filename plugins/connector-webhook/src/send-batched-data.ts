/** Sends many records as one JSON list, each as a plain object of its attributes. */
import { defineAction, z } from '@sluice/connector-sdk'
import { interpret } from './answers.ts'
import { recordCount, sharedFields } from './batch-fields.ts'
import { batchesOf } from './batches.ts'
import { forItems } from './envelope.ts'
import { oneBatch, shareOf } from './limits.ts'
import { recipientOf } from './recipient.ts'
import { addressFields, conductFields } from './request-fields.ts'
import { attributes, plainObject } from './whole-objects.ts'
import { carrying } from './whole-request.ts'

export const sendBatchedData = defineAction({
  title: 'Send batched data',
  description:
    'Sends up to 100 records as one JSON list of objects, in the body, or with GET in the URL parameter data.',
  version: 1,
  modes: ['upsert', 'leave'],
  parameters: z.object({
    ...addressFields,
    attributes: attributes(
      'Attributes',
      'By the names that the receiver knows: an object a record.',
      'Attributes',
    ),
    recordCount,
    ...conductFields,
  }),
  limits: oneBatch,
  weigh: ({ recordCount: maximum }) => shareOf(maximum),
  recipient: recipientOf,
  plan: (items, { settings }) =>
    batchesOf(items, sharedFields).map(({ indexes, payload, payloads }) =>
      forItems(
        carrying(
          payload,
          settings,
          payloads.map((each) => plainObject(each.attributes)),
        ),
        payload,
        indexes,
      ),
    ),
  interpret,
})
