/** The repeated group of purchases. */
import { z } from '@sluice/connector-sdk'
import { toInstant } from '../dates.ts'
import { formatted, issue, requiredText, text } from '../fields.ts'
import { properties } from './properties.ts'

const group = 'Purchases'
const maxQuantity = 100
// The form only: Braze does not publish which of the codes it takes.
const currencyCode = /^[A-Z]{3}$/

const purchase = z.object({
  productId: requiredText(
    {
      title: 'Product ID',
      description: 'What was bought. A new id makes a product in Braze.',
      group,
      examples: ['sku-1042'],
    },
    'product_id_missing',
    'product_id_too_long',
  ),
  currency: z
    .string({ error: 'currency_missing' })
    .check((payload) => {
      const code = payload.value.trim().toUpperCase()
      if (code === '') payload.issues.push(issue('currency_missing', []))
      else if (!currencyCode.test(code)) payload.issues.push(issue('invalid_currency', []))
      else payload.value = code
    })
    .meta({
      title: 'Currency',
      description: 'Currency code of three letters (ISO 4217).',
      group,
      examples: ['EUR'],
    }),
  price: z.number({ error: 'invalid_price' }).meta({
    title: 'Price',
    description: 'Price of one, in whole units of the currency: 12.5 is twelve euros fifty.',
    group,
    examples: [12.5],
  }),
  quantity: z
    .int({ error: 'invalid_quantity' })
    .min(1, 'invalid_quantity')
    .max(maxQuantity, 'invalid_quantity')
    .nullish()
    .meta({
      title: 'Quantity',
      description: 'How many were bought, 1 to 100. One if empty. Braze counts each as a purchase.',
      group,
      examples: [1],
    }),
  time: formatted(
    {
      title: 'Time',
      description:
        'When it was bought, as ISO date and time; without a zone in UTC. The time of delivery if empty.',
      group,
      examples: ['2026-05-28T10:00:00Z'],
    },
    'invalid_date',
    toInstant,
  ),
  properties: properties(
    {
      title: 'Properties',
      description: 'Properties of the purchase, by name. The names "time" and "event_name" are Braze\'s own.',
      group,
    },
    'invalid_purchase_property',
  ),
  appId: text({ title: 'App ID', description: 'Identifier of the app that it was bought in.', group }),
  updateExistingOnly: z.boolean().nullish().meta({
    title: 'Update existing only',
    description:
      'True to leave out the purchase of a user that Braze does not know. As the option of that name if empty.',
    group,
  }),
})

export const purchases = z.array(purchase).optional().meta({
  title: 'Purchases',
  description: 'Purchases of the user. Each is counted: Braze does not recognise a repeated purchase.',
  group,
  repeated: true,
})
