/** The user id parameters that actions share, and the rule that one id must be complete. */
import type { z } from '@sluice/connector-sdk'
import { formatted, issue, text } from './fields.ts'
import { isGiven, type UserIds } from './identifiers.ts'

const group = 'User ID'

export const userIdFields = {
  externalId: text({
    title: 'External ID',
    description: 'Your own id of the user. Used first, before every other id.',
    group,
    examples: ['customer-1042'],
  }),
  brazeId: text({
    title: 'Braze ID',
    description: 'The id that Braze gave the user. Used when there is no external ID.',
    group,
  }),
  aliasName: text({
    title: 'Alias name',
    description: 'Name of a user alias. Needs the alias label beside it.',
    group,
  }),
  aliasLabel: text({
    title: 'Alias label',
    description: 'Label of a user alias, the kind of name it is. Needs the alias name beside it.',
    group,
    examples: ['crm_id'],
  }),
  email: formatted(
    {
      title: 'E-mail',
      description:
        'The e-mail address. Identifies the user when neither external ID, Braze ID nor alias is given.',
      group,
      examples: ['ann@example.com'],
    },
    'invalid_email',
    (email) => (emailForm.test(email) ? email : undefined),
  ),
  phone: formatted(
    {
      title: 'Phone',
      description:
        'The phone number, best in international form. Identifies the user when no other id is given.',
      group,
      examples: ['+31201234567'],
    },
    'invalid_phone',
    (phone) => (/\d/.test(phone) ? phone : undefined),
  ),
}

// Coarse on purpose: what Braze takes is Braze's to say; this only keeps out what no address can be.
const emailForm = /^[^\s@]+@[^\s@]+$/

/** An alias is whole or absent, and at least one id is given. */
export function checkUserIds(payload: z.core.ParsePayload<UserIds>): void {
  if (!isAliasWhole(payload)) return
  const { externalId, brazeId, aliasName, email, phone } = payload.value
  const isIdentified =
    isGiven(externalId) || isGiven(brazeId) || isGiven(aliasName) || isGiven(email) || isGiven(phone)
  if (isIdentified) return
  payload.issues.push(issue('identifier_missing', ['externalId']))
}

/** The same in words of JSON Schema, for the form: one of these is needed, and of an alias both. */
export function someOf(...names: readonly string[]) {
  return {
    anyOf: names.map((name) => ({ required: [name] })),
    ...(names.includes('aliasName')
      ? { dependentRequired: { aliasName: ['aliasLabel'], aliasLabel: ['aliasName'] } }
      : {}),
  }
}

/** Half an alias is an issue. */
export function isAliasWhole({ value, issues }: z.core.ParsePayload<UserIds>): boolean {
  const hasName = isGiven(value.aliasName)
  if (hasName === isGiven(value.aliasLabel)) return true
  issues.push(issue('alias_incomplete', [hasName ? 'aliasLabel' : 'aliasName']))
  return false
}
