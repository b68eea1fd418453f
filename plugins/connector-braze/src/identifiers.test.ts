/** Which id identifies the user, and how it is written. */
import { describe, expect, it } from 'vitest'
import { identifierFields, identifierOf, identify, recipientOf, type UserIds } from './identifiers.ts'

const all = {
  externalId: 'customer-1',
  brazeId: 'b-1',
  aliasName: 'ann',
  aliasLabel: 'crm',
  email: 'Ann@Example.com',
  phone: '+31 20 123 4567',
} satisfies UserIds

describe('the identifier of a payload', () => {
  it.each<[string, UserIds, object]>([
    ['the external id before all others', all, { external_id: 'customer-1' }],
    ['the Braze id when there is no external id', { ...all, externalId: null }, { braze_id: 'b-1' }],
    [
      'the alias when there is neither',
      { ...all, externalId: ' ', brazeId: '' },
      { user_alias: { alias_name: 'ann', alias_label: 'crm' } },
    ],
    ['the e-mail when there is no primary id', { email: all.email, phone: all.phone }, { email: all.email }],
    ['the phone when there is nothing else', { email: null, phone: all.phone }, { phone: all.phone }],
  ])('is %s', (_, ids, fields) => {
    expect(identifierFields(identifierOf(ids))).toEqual(fields)
  })

  it('is never half an alias', () => {
    expect(identify({ aliasName: 'ann', email: 'ann@example.com' })).toEqual({
      kind: 'email',
      value: 'ann@example.com',
    })
    expect(identify({ aliasLabel: 'crm' })).toBeUndefined()
  })

  it('is missing when every id is null or blank', () => {
    expect(identify({ externalId: '  ', brazeId: null, email: '' })).toBeUndefined()
  })
})

describe('the recipient of a payload', () => {
  it('says which kind of id it is, so that equal texts of two kinds stay apart', () => {
    expect(recipientOf({ externalId: '1' })).toBe('external_id:1')
    expect(recipientOf({ brazeId: '1' })).toBe('braze_id:1')
    expect(recipientOf({ aliasName: 'ann', aliasLabel: 'crm' })).toBe('alias:3:crm:ann')
  })

  it('is one for spellings of one e-mail or phone', () => {
    expect(recipientOf({ email: 'Ann@Example.com' })).toBe(recipientOf({ email: 'ann@example.com' }))
    expect(recipientOf({ phone: '+31 20 123' })).toBe(recipientOf({ phone: '003120123' }))
  })

  it('keeps apart aliases whose label and name meet at another colon', () => {
    expect(recipientOf({ aliasLabel: 'a:b', aliasName: 'c' })).not.toBe(
      recipientOf({ aliasLabel: 'a', aliasName: 'b:c' }),
    )
  })

  it('does not change the case of ids, since Braze tells them apart by it', () => {
    expect(recipientOf({ externalId: 'A' })).not.toBe(recipientOf({ externalId: 'a' }))
  })
})
