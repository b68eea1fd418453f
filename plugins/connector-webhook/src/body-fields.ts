/** The body as people write it: a content type, and a text or the fields of a form. */
import { type Body, sha256, z } from '@sluice/connector-sdk'
import { issue } from './issue.ts'

const urlEncoded = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data'
const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;\s*[\w-]+=("[^"\p{Cc}]*"|[\w.+-]+))*$/u

export const contentType = z
  .string()
  .trim()
  .check(({ issues, value }) => {
    if (!mediaType.test(value)) issues.push(issue('content_type_invalid', []))
  })
  .default('application/json')
  .meta({
    title: 'Body content type',
    description:
      'Of the body; UTF-8 is added as its character set. JSON if empty. What says that it is JSON is checked to be JSON before it is sent.',
    group: 'Body',
    examples: ['application/json', 'application/xml', 'text/plain', urlEncoded, multipart],
  })

export const bodyText = z
  .string()
  .optional()
  .meta({
    title: 'Body',
    description: 'The text that is sent, as a template makes it of the record.',
    group: 'Body',
    examples: ['{"email":"ann@example.com"}'],
  })

export const bodyFields = {
  contentType,
  body: bodyText,
  formFields: z
    .record(z.string(), z.string())
    .optional()
    .meta({
      title: 'Form fields',
      description: `Names and values, for the content types ${urlEncoded} and ${multipart}.`,
      group: 'Body',
      open: true,
    }),
}

export type BodyFields = z.output<z.ZodObject<typeof bodyFields>>

export function isForm(type: string): boolean {
  return type === urlEncoded || type === multipart
}

/** application/json, and what is written like application/ld+json. */
export function isJson(type: string): boolean {
  return /^[^;]*[/+]json\s*(;|$)/i.test(type)
}

export function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // That it is none is the answer.
    return false
  }
}

/** With the character set, unless it says one. */
export function withCharset(type: string): string {
  return /;\s*charset=/i.test(type) ? type : `${type}; charset=utf-8`
}

/** Undefined where nothing is to be sent. */
export function bodyOf({ body, contentType: type, formFields }: BodyFields): Body | undefined {
  if (type === urlEncoded) return { kind: 'form', fields: formFields ?? {} }
  if (type === multipart) return multipartOf(formFields ?? {})
  return body === undefined ? undefined : { kind: 'text', text: body, contentType: withCharset(type) }
}

/** RFC 7578. The boundary is a hash of all that is between: no value holds it. */
function multipartOf(fields: Readonly<Record<string, string>>): Body {
  const entries = Object.entries(fields)
  const boundary = `sluice-${sha256(JSON.stringify(entries)).slice(0, 40)}`
  const parts = entries.map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${escaped(name)}"\r\n\r\n${value}\r\n`,
  )
  return {
    kind: 'text',
    text: `${parts.join('')}--${boundary}--\r\n`,
    contentType: `${multipart}; boundary=${boundary}`,
  }
}

/** As browsers do. */
function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
