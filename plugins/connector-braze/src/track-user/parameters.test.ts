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

  it('that are an empty text are removed, as the profile fields are', () => {
    expect(trackUserParameters.parse({ ...user, attributes: { tier: '', note: ' ' } }).attributes).toEqual({
      tier: null,
      note: ' ',
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
    ['push_tokens', 'x', 'reserved_attribute_name'],
    ['facebook', 'x', 'reserved_attribute_name'],
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

describe('modifications', () => {
  it('are whole numbers and lists of single values; what is null or empty is left out', () => {
    const groups = {
      increment: { visits: 2, gone: null },
      decrement: { credits: -3 },
      addToArray: { tags: ['a', null, 2n, true], none: [], gone: null },
      removeFromArray: { tags: [new Date('2026-05-28T10:00:00Z')] },
    }
    expect(trackUserParameters.parse({ ...user, ...groups })).toMatchObject({
      increment: { visits: 2 },
      decrement: { credits: -3 },
      addToArray: { tags: ['a', 2, true] },
      removeFromArray: { tags: ['2026-05-28T10:00:00.000Z'] },
    })
    expect(groups.addToArray.tags).toEqual(['a', null, 2n, true])
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['increment', { visits: 1.5 }, 'increment.visits: increment_not_integer'],
    ['decrement', { visits: 2 ** 53 }, 'decrement.visits: increment_not_integer'],
    ['increment', { email: 1 }, 'increment.email: reserved_attribute_name'],
    ['decrement', { ' ': 1 }, 'decrement. : invalid_attribute_name'],
    ['addToArray', { tags: [{ a: 1 }] }, 'addToArray.tags: invalid_array_value'],
    ['addToArray', { tags: [['a']] }, 'addToArray.tags: invalid_array_value'],
    ['removeFromArray', { tags: [Number.NaN] }, 'removeFromArray.tags: invalid_array_value'],
    ['removeFromArray', { external_id: ['a'] }, 'removeFromArray.external_id: reserved_attribute_name'],
  ])('%s of %j is refused', (parameter, group, problem) => {
    expect(problems({ ...user, [parameter]: group })).toEqual([problem])
  })

  it.each<[string, object, string[]]>([
    ['set', { attributes: { n: 1 }, increment: { n: 1 } }, ['increment.n']],
    ['removed', { attributes: { n: null }, addToArray: { n: ['a'] } }, ['addToArray.n']],
    ['counted up and down', { increment: { n: 1 }, decrement: { n: 1 } }, ['decrement.n']],
    [
      'counted and changed as an array',
      { decrement: { n: 1 }, addToArray: { n: ['a'] }, removeFromArray: { n: ['b'] } },
      ['addToArray.n', 'removeFromArray.n'],
    ],
  ])('of an attribute that is %s too are refused', (_, groups, paths) => {
    expect(problems({ ...user, ...groups })).toEqual(paths.map((path) => `${path}: conflicting_operations`))
  })

  it('of one array may be both: values added and values removed', () => {
    expect(problems({ ...user, addToArray: { tags: ['a'] }, removeFromArray: { tags: ['b'] } })).toEqual([])
  })
})

describe('purchases', () => {
  const purchase = { productId: 'sku-1', currency: 'EUR', price: 12.5 }

  it('need a product, a currency, a price, and a quantity that Braze takes', () => {
    expect(
      problems({
        ...user,
        purchases: [
          {},
          { productId: ' ', currency: ' ', price: Number.NaN },
          { ...purchase, productId: 'p'.repeat(256), currency: 'EURO' },
          ...[0, 101, 1.5, -1].map((quantity) => ({ ...purchase, quantity })),
          { ...purchase, time: 'noon' },
          { ...purchase, properties: { event_name: 'x', $x: 1, ok: 1 } },
        ],
      }),
    ).toEqual([
      'purchases.0.productId: product_id_missing',
      'purchases.0.currency: currency_missing',
      'purchases.0.price: invalid_price',
      'purchases.1.productId: product_id_missing',
      'purchases.1.currency: currency_missing',
      'purchases.1.price: invalid_price',
      'purchases.2.productId: product_id_too_long',
      'purchases.2.currency: invalid_currency',
      'purchases.3.quantity: invalid_quantity',
      'purchases.4.quantity: invalid_quantity',
      'purchases.5.quantity: invalid_quantity',
      'purchases.6.quantity: invalid_quantity',
      'purchases.7.time: invalid_date',
      'purchases.8.properties.event_name: invalid_purchase_property',
      'purchases.8.properties.$x: invalid_purchase_property',
    ])
  })

  it('have the currency in capitals, and lose properties that are null', () => {
    expect(
      trackUserParameters.parse({
        ...user,
        purchases: [{ ...purchase, currency: ' eur ', quantity: 100, properties: { a: null, b: 2n } }],
      }).purchases,
    ).toEqual([{ ...purchase, currency: 'EUR', quantity: 100, properties: { b: 2 } }])
  })
})

describe('push tokens', () => {
  const pushTokens = [{ appId: 'app', token: 'token' }]

  it('need an app and a token, and a device of 8 to 255 bytes', () => {
    const token = { appId: 'app', token: 'token' }
    expect(
      problems({
        ...user,
        pushTokens: [
          { appId: ' ' },
          { ...token, deviceId: 'é'.repeat(3) },
          { ...token, deviceId: 'é'.repeat(4) },
          { ...token, deviceId: 'd'.repeat(256) },
        ],
      }),
    ).toEqual([
      'pushTokens.0.appId: push_token_incomplete',
      'pushTokens.0.token: push_token_incomplete',
      'pushTokens.1.deviceId: invalid_device_id',
      'pushTokens.3.deviceId: invalid_device_id',
    ])
  })

  it('are imported without any id, or with what else Braze keeps of the unknown owner', () => {
    const anonymous = { pushTokenImport: true, pushTokens }
    expect(problems(anonymous)).toEqual([])
    expect(problems({ ...anonymous, email: 'ann@example.com', country: 'NL' })).toEqual([])
  })

  it.each<[string, object, string[]]>([
    ['external id', { externalId: '1' }, ['externalId: push_token_import_identified']],
    ['Braze id', { brazeId: 'b' }, ['brazeId: push_token_import_identified']],
    ['half an alias', { aliasName: 'ann' }, ['aliasLabel: alias_incomplete']],
    ['event, since nobody would have done it', { events: [{ name: 'seen' }] }, ['email: identifier_missing']],
  ])('are not imported with an %s', (_, more, found) => {
    expect(problems({ pushTokenImport: true, pushTokens, ...more })).toEqual(found)
  })

  it('must be there when they are to be imported', () => {
    expect(problems({ pushTokenImport: true })).toEqual(['pushTokens: push_tokens_missing'])
    expect(problems({ pushTokenImport: true, pushTokens: [] })).toEqual(['pushTokens: push_tokens_missing'])
  })

  it('of no import need a user', () => {
    expect(problems({ pushTokenImport: false, pushTokens })).toEqual(['externalId: identifier_missing'])
  })
})

it('subscription groups need an id and a state', () => {
  expect(
    problems({
      ...user,
      subscriptionGroups: [
        { subscriptionState: 'subscribed' },
        { subscriptionGroupId: 'g', subscriptionState: 'opted_in' },
      ],
    }),
  ).toEqual([
    'subscriptionGroups.0.subscriptionGroupId: subscription_group_incomplete',
    'subscriptionGroups.1.subscriptionState: invalid_subscription_state',
  ])
})
