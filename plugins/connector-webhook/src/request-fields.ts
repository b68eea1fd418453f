/** The parameters that every action has: where a request goes, and what it says beside its body. */
import { type FieldMeta, z } from '@sluice/connector-sdk'
import { isHeaderName, isHeaderText, mayBeSet } from './header-names.ts'
import { issue } from './issue.ts'

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** RFC 6265, section 4.1.1, without the quotation marks. */
const cookieText = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/

export type TextsByName = Readonly<Record<string, string>>

/** An open group of texts, each of which passes the check; the issue names the entry. */
function texts(meta: FieldMeta, code: string, isSound: (name: string, value: string) => boolean) {
  return z
    .record(z.string(), z.string())
    .check(({ issues, value }) => {
      for (const [name, text] of Object.entries(value)) {
        if (!isSound(name, text)) issues.push(issue(code, [name]))
      }
    })
    .optional()
    .meta({ ...meta, open: true })
}

const any = () => true

/** A path below the address of the settings, which it cannot leave: no step up, written out or encoded. */
function isPath(text: string): boolean {
  if (text === '') return true
  if (!text.startsWith('/') || /[\\?#\p{Cc}]/u.test(text)) return false
  return !text.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment))
}

export const addressFields = {
  method: z
    .enum(methods)
    .default('POST')
    .meta({
      title: 'Method',
      description: 'The method of the request.',
      group: 'Request',
      examples: ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'],
    }),
  path: z
    .string()
    .check(({ issues, value }) => {
      if (!isPath(value)) issues.push(issue('path_invalid', []))
    })
    .optional()
    .meta({
      title: 'Path',
      description:
        "What comes after the connector's URL, beginning with a slash; a template may make it of the record. Without the question mark and what follows: those are the URL parameters. It cannot lead to another host, nor up.",
      group: 'Request',
      examples: ['/contacts'],
    }),
  query: texts(
    { title: 'URL parameters', description: 'By their names; they are encoded.', group: 'URL parameters' },
    'query_invalid',
    any,
  ),
  queryText: z
    .string()
    .check(({ issues, value }) => {
      if (/\p{Cc}/u.test(value)) issues.push(issue('query_invalid', []))
    })
    .optional()
    .meta({
      title: 'URL parameters as a text',
      description: 'As a template makes them: encoded, such as a=1&b=2. They stand before the others.',
      group: 'URL parameters',
      examples: ['source=sluice'],
    }),
  headers: texts(
    {
      title: 'Headers',
      description:
        'By their names. Secrets are settings of the connector and no headers here. The host itself makes Content-Type, Cookie, Host and Content-Length.',
      group: 'Headers',
    },
    'header_invalid',
    (name, text) => mayBeSet(name) && isHeaderText(text),
  ),
  cookies: texts(
    {
      title: 'Cookies',
      description: 'By their names: sent as one header. What the API sets is ignored.',
      group: 'Headers',
    },
    'cookie_invalid',
    (name, text) => isHeaderName(name) && cookieText.test(text),
  ),
}

export const conductFields = {
  followsRedirects: z
    .boolean()
    .optional()
    .meta({
      title: 'Redirection',
      description:
        'Whether redirections are followed: at most five, to the same host only, and not those that would turn a POST into a GET. Off if empty: then a redirection is a refusal.',
      group: 'Conduct',
      examples: [true],
    }),
  isRepeatable: z
    .boolean()
    .optional()
    .meta({
      title: 'Repeating is harmless',
      description:
        'Whether the API takes the same request twice without harm, as one that sets values does. Then a request that got no answer is sent again; else such records are shown as unknown, and you decide.',
      group: 'Conduct',
      examples: [true],
    }),
  idempotencyHeader: z
    .string()
    .check(({ issues, value }) => {
      if (!mayBeSet(value)) issues.push(issue('header_invalid', []))
    })
    .optional()
    .meta({
      title: 'Idempotency header',
      description:
        'The header by whose value the API takes a request once, such as idempotency-key. Its value stays the same however often a request is sent.',
      group: 'Conduct',
      examples: ['idempotency-key'],
    }),
  recipient: z
    .string()
    .optional()
    .meta({
      title: 'Order by',
      description:
        'Whom or what the record is about, such as a user id: records with the same value are sent one after the other, in their order. Nothing is sent of it.',
      group: 'Conduct',
      examples: ['u-1'],
    }),
}

export type AddressFields = z.output<z.ZodObject<typeof addressFields>>
export type ConductFields = z.output<z.ZodObject<typeof conductFields>>
