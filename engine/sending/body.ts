/** Bodies as they go over the wire: encoded once, with signs where secrets are filled in when they are sent. */
import { mayReferToSecrets, type RequestPlan, referredSecret, type SecretText } from '@sluice/connector-sdk'

export interface EncodedBody {
  /** Signs stand for secrets. */
  readonly text: string | null
  readonly contentType: string | null
  /** Set where secrets may stand in it: the text with their values. */
  readonly fill?: (secretOf: SecretOf) => string
}

/** The value of a secret setting. */
export type SecretOf = (name: string) => string

export function encodeBody({ body }: RequestPlan): EncodedBody {
  if (body === undefined) return { text: null, contentType: null }
  switch (body.kind) {
    case 'json': {
      const text = JSON.stringify(body.value)
      const contentType = 'application/json'
      if (!mayReferToSecrets(text)) return { text, contentType }
      return { text, contentType, fill: (secretOf) => JSON.stringify(body.value, replacerOf(secretOf)) }
    }
    case 'form': {
      const contentType = 'application/x-www-form-urlencoded'
      const encode = (secretOf: SecretOf) => formText(body.fields, secretOf)
      const text = encode(signOf)
      return Object.values(body.fields).every(isPlain)
        ? { text, contentType }
        : { text, contentType, fill: encode }
    }
    case 'text': {
      const { contentType, text } = body
      if (isPlain(text)) return { text, contentType }
      return { text: fillText(text, signOf), contentType, fill: (secretOf) => fillText(text, secretOf) }
    }
  }
}

/** Whether a body has at most that many bytes in UTF-8; a UTF-16 unit takes at most three. */
export function fits({ text }: EncodedBody, bytes: number): boolean {
  if (text === null || text.length * 3 <= bytes) return true
  return new TextEncoder().encode(text).length <= bytes
}

/** A text with its secrets. */
export function fillText(text: SecretText, secretOf: SecretOf): string {
  if (isPlain(text)) return text
  if (Array.isArray(text)) return text.map((piece) => fillText(piece, secretOf)).join('')
  const name = referredSecret(text)
  // Plugin code is bound by no type: what is neither is sent as JavaScript writes it.
  return name === undefined ? String(text) : secretOf(name)
}

function isPlain(text: SecretText): text is string {
  return typeof text === 'string'
}

function formText(fields: Readonly<Record<string, SecretText>>, secretOf: SecretOf): string {
  const entries = Object.entries(fields).map(([name, value]): [string, string] => {
    return [name, fillText(value, secretOf)]
  })
  return new URLSearchParams(entries).toString()
}

function signOf(name: string): string {
  return `[secret ${name}]`
}

/** Finds the references themselves: a text of a record that looks like the sign of one is left alone. */
function replacerOf(secretOf: SecretOf) {
  return function (this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
    const secret = referredSecret(this[name])
    return secret === undefined ? value : secretOf(secret)
  }
}
