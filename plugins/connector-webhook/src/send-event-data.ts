/** Sends each record as an event: one JSON object with its attributes. */
import { defineAction, z } from '@sluice/connector-sdk'
import { interpret } from './answers.ts'
import { oneRecord } from './limits.ts'
import { recipientOf } from './recipient.ts'
import { addressFields, conductFields } from './request-fields.ts'
import { eventFields, eventObject, originFields } from './whole-objects.ts'
import { wholeRequest } from './whole-request.ts'

export const sendEventData = defineAction({
  title: 'Send event data',
  description:
    'Sends each record as an event: one JSON object, in the body, or with GET in the URL parameter data.',
  version: 1,
  modes: ['upsert', 'leave'],
  parameters: z.object({ ...addressFields, ...eventFields, ...originFields, ...conductFields }),
  limits: oneRecord,
  weigh: () => ({ records: 1 }),
  recipient: recipientOf,
  plan: (items, { settings }) =>
    items.map((item, index) => wholeRequest(item, index, settings, eventObject(item.payload))),
  interpret,
})
