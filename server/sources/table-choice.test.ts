import { expect, test } from 'vitest'
import { chooseTable } from './table-choice.ts'

const tables = [
  { schema: 'shop', name: 'customers' },
  { schema: 'crm', name: 'customers' },
  { schema: 'shop', name: 'orders' },
]

test.each([
  ['by name', { name: 'orders' }, { schema: 'shop', name: 'orders' }],
  ['by schema and name', { schema: 'crm', name: 'customers' }, { schema: 'crm', name: 'customers' }],
])('a table is found %s', (_how, wanted, table) => {
  expect(chooseTable(tables, wanted, null)).toEqual({ ok: true, table })
})

test.each([
  [
    'a name that several schemas have',
    { name: 'customers' },
    'table_ambiguous',
    'shop.customers, crm.customers',
  ],
  ['a name that is mistyped', { name: 'oders' }, 'unknown_table', 'Did you mean "orders"?'],
  ['a table of another schema', { schema: 'crm', name: 'orders' }, 'unknown_table', 'crm.orders'],
  ['no name', null, 'table_required', '"shop.orders"'],
])('%s is refused with what there is', (_what, wanted, code, message) => {
  expect(chooseTable(tables, wanted, null)).toMatchObject({
    ok: false,
    issue: { path: ['query', 'table'], code, message: expect.stringContaining(message) },
  })
})

test('the only table needs no name; an empty source has none to choose', () => {
  const only = { name: 'file' }
  expect(chooseTable([only], null, null)).toEqual({ ok: true, table: only })
  expect(chooseTable([], null, null)).toMatchObject({ ok: false, issue: { code: 'table_required' } })
})

test('what was read before stays where it exists, and else the only table takes its place', () => {
  const before = { schema: 'shop', name: 'orders' }
  expect(chooseTable(tables, null, before)).toEqual({ ok: true, table: before })
  expect(chooseTable([{ name: 'moved' }], null, before)).toEqual({ ok: true, table: { name: 'moved' } })
  expect(chooseTable(tables, null, { name: 'gone' })).toMatchObject({ ok: false })
})
