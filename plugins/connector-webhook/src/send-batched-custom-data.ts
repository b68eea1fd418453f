/** Sends many records as people write them: a text each, with a prefix, joiners and a suffix around. */
import { defineAction, z } from '@sluice/connector-sdk'
import { interpret } from './answers.ts'
import { recordCount, sharedFields } from './batch-fields.ts'
import { batchesOf } from './batches.ts'
import { contentType, isJson, isJsonText, withCharset } from './body-fields.ts'
import { envelope, forItems } from './envelope.ts'
import { issue } from './issue.ts'
import { oneBatch, shareOf } from './limits.ts'
import { recipientOf } from './recipient.ts'
import { addressFields, conductFields, methods } from './request-fields.ts'

const piece = (title: string, description: string, otherwise: string) =>
  z
    .string()
    .default(otherwise)
    .meta({ title, description, group: 'Batch', examples: [otherwise] })

export const sendBatchedCustomData = defineAction({
  title: 'Send batched customized data (advanced)',
  description:
    'Sends up to 100 records a request as you write them: a text each, which may be made by a template, with a prefix, joiners and a suffix around.',
  version: 1,
  modes: ['upsert', 'leave'],
  parameters: z
    .object({
      ...addressFields,
      method: z
        .enum(methods)
        .exclude(['GET'])
        .default('POST')
        .meta({
          title: 'Method',
          description: 'The method of the request.',
          group: 'Request',
          examples: ['POST', 'PUT', 'PATCH', 'DELETE'],
        }),
      contentType,
      body: z.string({ error: 'body_missing' }).meta({
        title: 'Body of one record',
        description: 'The text of one record in the batch, as a template makes it.',
        group: 'Body',
        examples: ['{"email":"ann@example.com"}'],
      }),
      prefix: piece('Prefix', 'Stands before the first record.', '['),
      joiner: piece('Joiner', 'Stands between two records.', ','),
      suffix: piece('Suffix', 'Stands after the last record.', ']'),
      recordCount,
      ...conductFields,
    })
    .check(({ issues, value }) => {
      // Else one record would spoil the list of all; in another frame a piece need not be JSON by itself.
      const isList = value.prefix.trimEnd().endsWith('[') && value.joiner.trim() === ','
      if (isList && isJson(value.contentType) && !isJsonText(value.body))
        issues.push(issue('body_not_json', ['body']))
    }),
  limits: oneBatch,
  weigh: ({ recordCount: maximum }) => shareOf(maximum),
  recipient: recipientOf,
  plan: (items, { settings }) =>
    batchesOf(items, (payload) => [
      ...sharedFields(payload),
      ...[payload.contentType, payload.prefix, payload.joiner, payload.suffix],
    ]).map(({ indexes, payload, payloads }) => {
      const text = payload.prefix + payloads.map(({ body }) => body).join(payload.joiner) + payload.suffix
      const body = { kind: 'text', text, contentType: withCharset(payload.contentType) } as const
      return forItems(envelope(payload, settings, body), payload, indexes)
    }),
  interpret,
})
