/** Blocks that make another text of their content: encodings, escapes, hashes. */
import type { BlockHelper, CompiledCall } from './helper.ts'
import { type RenderState, spend, spendText, stepsPerHash } from './render-state.ts'

type Convert = (text: string, call: CompiledCall, state: RenderState) => string

function textHelper(
  name: string,
  description: string,
  [template, result]: readonly [string, string],
  convert: Convert,
  traits: { readonly obscures?: true } = {},
): BlockHelper {
  return {
    ...{
      name,
      usage: 'block',
      description,
      parameters: [],
      options: [],
      example: { template, result },
      isLeaf: true,
      ...traits,
    },
    compile(call, content) {
      const render = content(call.frame)
      return (state) => {
        const rendered = render(state)
        state.place = call.place
        const text = spendText(state, rendered)
        return spendText(state, convert(text, call, state))
      }
    },
  }
}

function digestHelper(name: string, algorithm: string, result: string): BlockHelper {
  const description = `The ${algorithm.toUpperCase().replace('SHA', 'SHA-')} hash of the content's UTF-8, in lower-case hex.`
  const example = [`{{#${name}}}{{str}}{{/${name}}}`, result] as const
  const convert: Convert = (text, { context }, state) => {
    spend(state, stepsPerHash)
    return context.deps.digest({ algorithm, text, encoding: 'hex' })
  }
  return textHelper(name, description, example, convert, { obscures: true })
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const xmlEscapes: Readonly<Record<string, string>> = { ...htmlEscapes, "'": '&apos;' }

/** Characters that XML 1.0 has no way to write: most control characters and halves of pairs. */
const notInXml = /(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]|\p{Cs}/gu
const halfPair = /\p{Cs}/gu

const encodeBase64 = textHelper(
  'encodeBase64',
  "The content's UTF-8 in base64.",
  ['{{#encodeBase64}}{{str}} world{{/encodeBase64}}', 'SGVsbG8gd29ybGQ='],
  base64,
  { obscures: true },
)

const encodeUrl = textHelper(
  'encodeUrl',
  'The content for a URL, as HTML forms encode: a blank becomes "+".',
  [
    '{{#encodeUrl}}https://www.google.com/search?q=tealium{{/encodeUrl}}',
    'https%3A%2F%2Fwww.google.com%2Fsearch%3Fq%3Dtealium',
  ],
  formEncoded,
)

const escapeHtml = textHelper(
  'escapeHtml',
  'The content for HTML.',
  ['{{#escapeHtml}}<hello>&"world{{/escapeHtml}}', '&lt;hello&gt;&amp;&quot;world'],
  (text) => text.replace(/[&<>"']/g, (letter) => htmlEscapes[letter] ?? letter),
)

const escapeJson = textHelper(
  'escapeJson',
  'The content for a JSON text; the quotes around it are yours.',
  ['{{#escapeJson}}{"foo":"bar"}{{/escapeJson}}', '{\\"foo\\":\\"bar\\"}'],
  (text) => JSON.stringify(text).slice(1, -1),
)

const escapeXml = textHelper(
  'escapeXml',
  'The content for XML; characters that XML cannot have are left out.',
  ['{{#escapeXml}}<hello>&"world{{/escapeXml}}', '&lt;hello&gt;&amp;&quot;world'],
  (text) => text.replace(notInXml, '').replace(/[&<>"']/g, (letter) => xmlEscapes[letter] ?? letter),
)

const jsonMinify = textHelper(
  'jsonMinify',
  'The JSON without blanks between its parts; what is not JSON stays as it is.',
  ['{{#jsonMinify}}{ "a" : [1.0, "b c"] }{{/jsonMinify}}', '{"a":[1.0,"b c"]}'],
  minified,
)

export const textHelpers: readonly BlockHelper[] = [
  ...[encodeBase64, encodeUrl, escapeHtml, escapeJson, escapeXml, jsonMinify],
  digestHelper('md5', 'md5', '8b1a9953c4611296a827abf8c47804d7'),
  digestHelper('sha1', 'sha1', 'f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0'),
  digestHelper('sha256', 'sha256', '185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969'),
]

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  let binary = ''
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192))
  }
  return btoa(binary)
}

/** As Java's URLEncoder does it. */
function formEncoded(text: string): string {
  return encodeURIComponent(text.replace(halfPair, '?'))
    .replace(/[!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

/** Numbers and repeated names stay as they are written, which parsing and writing anew would not keep. */
function minified(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    return text
  }
  let out = ''
  let from = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (isQuoted) {
      if (letter === '\\') at += 1
      else if (letter === '"') isQuoted = false
    } else if (letter === '"') isQuoted = true
    else if (letter === ' ' || letter === '\n' || letter === '\t' || letter === '\r') {
      out += text.slice(from, at)
      from = at + 1
    }
  }
  return out + text.slice(from)
}
