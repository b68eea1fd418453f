/** Sends each record as people write it: any body, by a template or by the fields of a form. */
import { defineAction, z } from '@sluice/connector-sdk'
import { interpret } from './answers.ts'
import { type BodyFields, bodyFields, bodyOf, isForm, isJson, isJsonText } from './body-fields.ts'
import { envelope, forOneItem } from './envelope.ts'
import { issue } from './issue.ts'
import { oneRecord } from './limits.ts'
import { recipientOf } from './recipient.ts'
import { addressFields, conductFields } from './request-fields.ts'

export const sendCustomData = defineAction({
  title: 'Send customized data (advanced)',
  description:
    'Sends each record as you write it: any method, address, headers and body. Texts may be made by templates.',
  version: 1,
  modes: ['upsert', 'leave'],
  parameters: z.object({ ...addressFields, ...bodyFields, ...conductFields }).check(({ issues, value }) => {
    const code = bodyProblem(value)
    if (code !== undefined) issues.push(issue(code, [code === 'form_fields_missing' ? 'formFields' : 'body']))
  }),
  limits: oneRecord,
  weigh: () => ({ records: 1 }),
  recipient: recipientOf,
  plan: (items, { settings }) =>
    items.map((item, index) => {
      const { payload } = item
      const body = payload.method === 'GET' ? undefined : bodyOf(payload)
      return forOneItem(envelope(payload, settings, body), payload, item, index)
    }),
  interpret,
})

function bodyProblem({ body, contentType, formFields, method }: BodyFields & { readonly method: string }) {
  if (method === 'GET') return undefined
  if (isForm(contentType)) return formFields === undefined ? 'form_fields_missing' : undefined
  // Many a DELETE says all in its address.
  if (body === undefined) return method === 'DELETE' ? undefined : 'body_missing'
  return isJson(contentType) && !isJsonText(body) ? 'body_not_json' : undefined
}
