/** What a template is made from: its source, the variables that it may name, and the values of one record. */
import type { AttributeType, AttributeValue, Decimal } from '@sluice/connector-sdk'

export const templateKinds = ['header', 'url', 'urlParameters', 'body', 'custom'] as const

/** What a template's text becomes. Only bodies and custom templates may have several lines. */
export type TemplateKind = (typeof templateKinds)[number]

export interface TemplateSource {
  /** Unique among the templates of an action; others include it by this name. */
  readonly name: string
  readonly kind: TemplateKind
  readonly source: string
  /** `json`: what is rendered must be JSON, or nothing. */
  readonly format?: 'json'
}

/** A tally is a map from names to numbers; the access token is a text that nothing can be made of. */
export type VariableType = AttributeType | 'tally' | 'accessToken'

/** A name with dots belongs to a group: lists `items.name` and `items.price` are the columns of `items`. */
export interface TemplateVariable {
  readonly name: string
  readonly type: VariableType
}

export type Tally = ReadonlyMap<string, number | bigint | Decimal | null>

/** The value of one variable; null and undefined are a missing one. */
export type TemplateValue = AttributeValue | Tally | undefined

/** What a render gets from outside, so that the same record renders to the same text. */
export interface RenderMoment {
  /** The time of sending, in milliseconds since 1970 (UTC). */
  readonly now: number
  /** A new UUID for each call. */
  uuid(): string
}

/** Hashes need Node, which the engine does not know. */
export interface DigestRequest {
  /** Node's name, for example `sha256`. */
  readonly algorithm: string
  /** Hashed as UTF-8. */
  readonly text: string
  readonly encoding: 'hex' | 'base64'
  /** With a key the digest is an HMAC. */
  readonly key?: string
}

export interface TemplateDeps {
  digest(request: DigestRequest): string
}
