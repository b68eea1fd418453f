/** A secret by its name: `plan` places it, and the host puts the value there when it sends. */

/** Registered, so that a host knows the references of another copy of the SDK; no record can hold a symbol. */
const named = Symbol.for('sluice.secret')
/** No Latin character, so that most bodies are seen at once to hold none. */
const sign = '\u2e28secret '

/**
 * A reference to a secret setting. It is no text: it can be placed, not read or glued to others. Made by
 * {@link secretRef}.
 *
 * @example
 * ```ts
 * const key: SecretRef = secretRef('apiKey')
 * ```
 */
export interface SecretRef {
  readonly [named]: string
  /** What stands for it where a plan is printed. */
  toJSON(): string
}

/**
 * A text with secrets in it: pieces in order.
 *
 * @example
 * ```ts
 * headers: { authorization: ['Token token=', secretRef('apiKey')] }
 * ```
 */
export type SecretText = string | SecretRef | readonly (string | SecretRef)[]

class Reference implements SecretRef {
  readonly [named]: string
  constructor(name: string) {
    this[named] = name
    Object.freeze(this)
  }
  toJSON(): string {
    return `${sign}${this[named]}\u2e29`
  }
  toString(): string {
    throw new TypeError(
      'A secret is no text before the host sends it. Place the reference itself, or a list of texts and references.',
    )
  }
}

/**
 * Places a secret setting in a request's query, headers or body. `plan` and `interpret` never see its value: the host
 * fills it in when it sends, and shows a mask in dry runs.
 *
 * @param name the setting, made by `secret(…)`
 * @example
 * ```ts
 * body: { kind: 'json', value: { auth: { key: secretRef('apiKey') }, users } }
 * ```
 */
export function secretRef(name: string): SecretRef {
  return new Reference(name)
}

/**
 * The name of the secret that a value refers to; undefined when it is no reference.
 *
 * @example
 * ```ts
 * referredSecret(secretRef('apiKey')) // 'apiKey'
 * ```
 */
export function referredSecret(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !(named in value)) return undefined
  const name = value[named]
  return typeof name === 'string' ? name : undefined
}

/**
 * Whether an encoded text may hold references, for hosts: false is certain, true may be a text that looks like one.
 *
 * @example
 * ```ts
 * mayReferToSecrets(JSON.stringify({ key: secretRef('apiKey') })) // true
 * ```
 */
export function mayReferToSecrets(text: string): boolean {
  return text.includes(sign)
}
