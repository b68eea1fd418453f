/** Which of a record's user ids identifies the user, and how Braze writes it. */
import { normalizeEmail, normalizePhone } from '@sluice/connector-sdk'

/** The ids of a payload. Null, undefined and blank texts count as not given. */
export interface UserIds {
  readonly externalId?: string | null | undefined
  readonly brazeId?: string | null | undefined
  readonly aliasName?: string | null | undefined
  readonly aliasLabel?: string | null | undefined
  readonly email?: string | null | undefined
  readonly phone?: string | null | undefined
}

export type Identifier =
  | { readonly kind: 'external_id' | 'braze_id' | 'email' | 'phone'; readonly value: string }
  | { readonly kind: 'user_alias'; readonly name: string; readonly label: string }

export type IdentifierFields =
  | { readonly external_id: string }
  | { readonly braze_id: string }
  | { readonly user_alias: { readonly alias_name: string; readonly alias_label: string } }
  | { readonly email: string }
  | { readonly phone: string }

/**
 * The first id that is given, in the order external id, Braze id, alias, e-mail, phone. Braze refuses an object
 * with two of the first three, so only one is ever sent.
 */
export function identify(ids: UserIds): Identifier | undefined {
  const { externalId, brazeId, aliasName, aliasLabel, email, phone } = ids
  if (isGiven(externalId)) return { kind: 'external_id', value: externalId }
  if (isGiven(brazeId)) return { kind: 'braze_id', value: brazeId }
  if (isGiven(aliasName) && isGiven(aliasLabel)) {
    return { kind: 'user_alias', name: aliasName, label: aliasLabel }
  }
  if (isGiven(email)) return { kind: 'email', value: email }
  if (isGiven(phone)) return { kind: 'phone', value: phone }
  return undefined
}

/** The identifier of a parsed payload, which has one: the parameters' own check refuses a payload without. */
export function identifierOf(ids: UserIds): Identifier {
  const identifier = identify(ids)
  if (identifier === undefined) throw new TypeError('a payload without a user id passed the parameters check')
  return identifier
}

/** Whether an id is there to be used. */
export function isGiven(id: string | null | undefined): id is string {
  return id !== undefined && id !== null && id.trim() !== ''
}

/** External id, Braze id and alias name a user; beside them e-mail and phone are plain attributes. */
export function isPrimary(identifier: Identifier): boolean {
  return identifier.kind !== 'email' && identifier.kind !== 'phone'
}

/** The identifier as fields of a Braze object. */
export function identifierFields(identifier: Identifier): IdentifierFields {
  switch (identifier.kind) {
    case 'external_id':
      return { external_id: identifier.value }
    case 'braze_id':
      return { braze_id: identifier.value }
    case 'user_alias':
      return { user_alias: { alias_name: identifier.name, alias_label: identifier.label } }
    case 'email':
      return { email: identifier.value }
    case 'phone':
      return { phone: identifier.value }
  }
}

/**
 * One stable text a user. The label's length stands before it, so that no two aliases share a text; e-mail and
 * phone are compared the way Braze looks them up.
 */
export function recipientOf(ids: UserIds): string {
  const identifier = identifierOf(ids)
  switch (identifier.kind) {
    case 'external_id':
    case 'braze_id':
      return `${identifier.kind}:${identifier.value}`
    case 'user_alias':
      return `alias:${identifier.label.length}:${identifier.label}:${identifier.name}`
    case 'email':
      return `email:${normalizeEmail(identifier.value)}`
    case 'phone':
      return `phone:${normalizePhone(identifier.value)}`
  }
}
