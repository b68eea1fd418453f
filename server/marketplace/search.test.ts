/** What a few typed letters find, and in which order. */
import { expect, it } from 'vitest'
import { search } from './search.ts'

const types = [
  ['Acme Ads', 'Acme', 'Advertising', 'Add to audience'],
  ['Braze', 'Braze', 'Customer engagement E-mail', 'Track User Campaign'],
  ['Mailwind', 'Wind & Co', 'E-mail', 'Send letter'],
  ['Météo', 'Météo France', 'Weather', 'Warn'],
  ['Яндекс Директ', 'Яндекс', 'Advertising', 'Загрузить'],
] as const
const found = (query: string) => search(types, query, (texts) => texts).map(([name]) => name)

it.each<[string, readonly string[]]>([
  ['', types.map(([name]) => name)],
  [' ', types.map(([name]) => name)],
  ['bra', ['Braze']],
  ['BRAZE', ['Braze']],
  // By its name before its category.
  ['mail', ['Mailwind', 'Braze']],
  ['e-mail', ['Mailwind', 'Braze']],
  ['-mail', ['Mailwind', 'Braze']],
  ['"mail"', ['Mailwind', 'Braze']],
  ['meteo', ['Météo']],
  ['яндекс', ['Яндекс Директ']],
  ['wind', ['Mailwind']],
  // Words of several texts, in any order.
  ['campaign braze', ['Braze']],
  ['user tra', ['Braze']],
  // A slip each: letters that changed places, one wrong, one missing, one too many.
  ['barze', ['Braze']],
  ['brase', ['Braze']],
  ['brze', ['Braze']],
  ['brazze', ['Braze']],
  ['campiagn', ['Braze']],
  ['advertsing', ['Acme Ads', 'Яндекс Директ']],
  ['salesforce', []],
  ['.*', types.map(([name]) => name)],
])('%j finds %j', (query, names) => {
  expect(found(query)).toEqual(names)
})

it('is quick with hundreds of long texts', () => {
  const many = Array.from({ length: 500 }, (_, index) => [`Vendor ${index}`, 'Track user '.repeat(50)])
  const startedAt = performance.now()
  expect(search(many, 'trakc usre 49', (texts) => texts).length).toBeGreaterThan(0)
  expect(performance.now() - startedAt).toBeLessThan(500)
})
