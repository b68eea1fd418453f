/** What Track User takes, and with which code it says no. */
import { Decimal } from '@sluice/connector-sdk'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { trackUserParameters } from './parameters.ts'

const user = { externalId: 'customer-1' }

function problems(payload: unknown): string[] {
  const { error } = trackUserParameters.safeParse(payload)
  return (error?.issues ?? []).map(({ message, path }) => `${path.join('.')}: ${message}`)
}

describe('user ids', () => {
  it('at least one is needed', () => {
    expect(problems({ firstName: 'Ann' })).toEqual(['externalId: identifier_missing'])
    expect(problems({ externalId: '  ', brazeId: null, email: '' })).toEqual([
      'externalId: identifier_missing',
    ])
  })

  it('half an alias is refused, even beside an e-mail or an external id', () => {
    expect(problems({ aliasName: 'ann', email: 'ann@example.com' })).toEqual(['aliasLabel: alias_incomplete'])
    expect(problems({ aliasLabel: 'crm', aliasName: ' ', externalId: '1' })).toEqual([
      'aliasName: alias_incomplete',
    ])
  })

  it('e-mail and phone are trimmed, ids are left alone', () => {
    expect(trackUserParameters.parse({ email: ' ann@example.com ', externalId: ' 1 ' })).toMatchObject({
      email: 'ann@example.com',
      externalId: ' 1 ',
    })
  })

  it('what can be no e-mail or phone is refused', () => {
    expect(problems({ ...user, email: 'ann at example' })).toEqual(['email: invalid_email'])
    expect(problems({ ...user, phone: 'none' })).toEqual(['phone: invalid_phone'])
  })
})

describe('profile fields', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it.each(['UTC', 'Asia/Tokyo', 'America/Los_Angeles'])(
    'a birthday is the same day on a server in %s',
    (zone) => {
      vi.stubEnv('TZ', zone)
      for (const dob of ['1990-05-28', new Date('1990-05-28').toISOString(), '1990-05-28 00:00:00']) {
        expect(trackUserParameters.parse({ ...user, dob }).dob).toBe('1990-05-28')
      }
    },
  )

  it.each([
    ['m', 'M'],
    ['Female', 'F'],
    [' WOMAN ', 'F'],
    ['other', 'O'],
    ['Non-binary', 'O'],
    ['not_applicable', 'N'],
    ['prefer not to say', 'P'],
  ])('the gender %j is %s', (gender, letter) => {
    expect(trackUserParameters.parse({ ...user, gender }).gender).toBe(letter)
  })

  it('a gender in other words is refused instead of passed on', () => {
    expect(problems({ ...user, gender: 'weiblich' })).toEqual(['gender: invalid_gender'])
    expect(problems({ ...user, gender: 'constructor' })).toEqual(['gender: invalid_gender'])
  })

  it('country and language are trimmed', () => {
    expect(trackUserParameters.parse({ ...user, country: ' NL', language: 'nl ' })).toMatchObject({
      country: 'NL',
      language: 'nl',
    })
  })

  it('dates become ISO instants, without a zone in UTC', () => {
    expect(trackUserParameters.parse({ ...user, dateOfLastSession: '2026-05-28 10:00:00' })).toMatchObject({
      dateOfLastSession: '2026-05-28T10:00:00.000Z',
    })
  })

  it('every wrong field is named at once, and no message carries a value', () => {
    const found = problems({
      ...user,
      dob: 'SECRET',
      gender: 'SECRET',
      email: 'SECRET',
      emailSubscribe: 'SECRET',
      markedEmailAsSpamAt: 'SECRET',
      latitude: 91,
      emailOpenTrackingDisabled: 'SECRET',
      firstName: 17,
    })
    expect(found.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'dob',
      'email',
      'emailOpenTrackingDisabled',
      'emailSubscribe',
      'firstName',
      'gender',
      'latitude',
      'markedEmailAsSpamAt',
    ])
    expect(found.join()).not.toContain('SECRET')
  })

  it('a location is both numbers or none', () => {
    expect(problems({ ...user, latitude: 52 })).toEqual(['longitude: location_incomplete'])
    expect(problems({ ...user, longitude: 4, latitude: null })).toEqual(['latitude: location_incomplete'])
    expect(problems({ ...user, longitude: null })).toEqual([])
  })
})

describe('custom attributes', () => {
  it('are JSON after parsing, with exact digits and without nulls inside', () => {
    const { attributes } = trackUserParameters.parse({
      ...user,
      attributes: {
        spend: new Decimal('12.50'),
        points: 9_007_199_254_740_993n,
        since: new Date('2026-05-28T10:00:00Z'),
        tags: ['a', null, 'b'],
        gone: null,
        absent: undefined,
      },
    })
    expect(attributes).toEqual({
      spend: 12.5,
      points: '9007199254740993',
      since: '2026-05-28T10:00:00.000Z',
      tags: ['a', 'b'],
      gone: null,
    })
  })

  it('the payload given is left as it was', () => {
    const attributes = { points: 1n }
    trackUserParameters.parse({ ...user, attributes })
    expect(attributes).toEqual({ points: 1n })
  })

  it.each([
    ['external_id', 'x', 'reserved_attribute_name'],
    ['email', 'x', 'reserved_attribute_name'],
    ['_update_existing_only', true, 'reserved_attribute_name'],
    [' ', 'x', 'invalid_attribute_name'],
    ['n'.repeat(256), 'x', 'invalid_attribute_name'],
    ['score', Number.NaN, 'invalid_attribute_value'],
    ['score', { inc: 1 }, 'operation_not_supported'],
    ['pets', { $add: [{ id: 1 }] }, 'operation_not_supported'],
  ])('an attribute %j = %j is refused as %s', (name, value, code) => {
    expect(problems({ ...user, attributes: { [name]: value } })).toEqual([`attributes.${name}: ${code}`])
  })
})

describe('events', () => {
  it('need a name, a real time and properties of other names than Braze has', () => {
    expect(
      problems({
        ...user,
        events: [
          { name: ' ' },
          { name: 'n'.repeat(256) },
          { name: 'seen', time: 'noon' },
          { name: 'seen', properties: { time: 1, $x: 1, '': 1, ok: 1, bad: Number.NaN } },
        ],
      }),
    ).toEqual([
      'events.0.name: event_name_missing',
      'events.1.name: event_name_too_long',
      'events.2.time: invalid_date',
      'events.3.properties.time: invalid_event_property',
      'events.3.properties.$x: invalid_event_property',
      'events.3.properties.: invalid_event_property',
      'events.3.properties.bad: invalid_event_property',
    ])
  })

  it('lose properties that are null', () => {
    expect(
      trackUserParameters.parse({ ...user, events: [{ name: 'seen', properties: { a: null, b: 2n } }] })
        .events,
    ).toEqual([{ name: 'seen', properties: { b: 2 } }])
  })
})
