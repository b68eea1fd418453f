/** Sends each record as a visitor: one JSON object with its attributes by their types. */
import { defineAction, z } from '@sluice/connector-sdk'
import { interpret } from './answers.ts'
import { oneRecord } from './limits.ts'
import { recipientOf } from './recipient.ts'
import { addressFields, conductFields } from './request-fields.ts'
import { originFields, visitorFields, visitorObject } from './whole-objects.ts'
import { wholeRequest } from './whole-request.ts'

export const sendVisitorData = defineAction({
  title: 'Send visitor data',
  description:
    'Sends each record as a visitor: one JSON object with the attributes by their types, in the body, or with GET in the URL parameter data.',
  version: 1,
  modes: ['upsert', 'leave'],
  parameters: z.object({ ...addressFields, ...visitorFields, ...originFields, ...conductFields }),
  limits: oneRecord,
  weigh: () => ({ records: 1 }),
  recipient: recipientOf,
  plan: (items, { settings }) =>
    items.map((item, index) => wholeRequest(item, index, settings, visitorObject(item.payload))),
  interpret,
})
