import { expect, test } from 'vitest'
import { documentChanges, fieldChanges } from './field-changes.ts'

const mapping = (parameter: string, attribute: string, key?: string) => ({
  parameter,
  ...(key === undefined ? {} : { key }),
  from: { kind: 'attribute', attribute },
})

test('values, nested fields, and fields that came or went', () => {
  const before = { name: 'a', settings: { url: 'x', old: 1 } }
  const after = { name: 'b', settings: { url: 'x', added: [1] } }
  expect(documentChanges(before, after)).toEqual([
    { path: ['name'], change: 'UPDATED', before: 'a', after: 'b' },
    { path: ['settings', 'old'], change: 'REMOVED', before: 1, after: undefined },
    { path: ['settings', 'added'], change: 'ADDED', before: undefined, after: [1] },
  ])
})

test('mappings are told apart by parameter and key: one more at the front changes no other', () => {
  const before = { mappings: [mapping('email', 'mail'), mapping('attributes', 'age', 'age')] }
  const after = {
    mappings: [mapping('phone', 'tel'), mapping('email', 'mail'), mapping('attributes', 'years', 'age')],
  }
  expect(documentChanges(before, after)).toEqual([
    {
      path: ['mappings', 'attributes.age', 'from', 'attribute'],
      change: 'UPDATED',
      before: 'age',
      after: 'years',
    },
    { path: ['mappings', 'phone'], change: 'ADDED', before: undefined, after: mapping('phone', 'tel') },
  ])
})

test('another order of named elements is told when nothing else differs', () => {
  const [a, b] = [mapping('a', 'x'), mapping('b', 'y')]
  expect(documentChanges({ mappings: [a, b] }, { mappings: [b, a] })).toEqual([
    { path: ['mappings'], change: 'UPDATED', before: [a, b], after: [b, a] },
  ])
})

test('elements without a name are what they contain: those of one side only are told, with their place', () => {
  const [adult, dutch, active] = ['adult', 'dutch', 'active'].map((name) => ({ all: [{ name }] }))
  const before = { conditions: { any: [adult, dutch] } }
  const after = { conditions: { any: [active, adult] } }
  expect(documentChanges(before, after)).toEqual([
    { path: ['conditions', 'any', '1'], change: 'REMOVED', before: dutch, after: undefined },
    { path: ['conditions', 'any', '0'], change: 'ADDED', before: undefined, after: active },
  ])
})

test('lists of plain values are one value; elements with the same name are compared by content', () => {
  expect(fieldChanges(['keyColumns'], ['id'], ['id', 'email'])).toEqual([
    { path: ['keyColumns'], change: 'UPDATED', before: ['id'], after: ['id', 'email'] },
  ])
  const twice = [mapping('a', 'x'), mapping('a', 'y')]
  expect(fieldChanges(['mappings'], twice, [mapping('a', 'x'), mapping('a', 'z')])).toEqual([
    { path: ['mappings', '1'], change: 'REMOVED', before: mapping('a', 'y'), after: undefined },
    { path: ['mappings', '1'], change: 'ADDED', before: undefined, after: mapping('a', 'z') },
  ])
})

test('a field that only one has is a difference', () => {
  const rescan = { hour: 3 }
  expect(documentChanges({ name: 'a' }, { name: 'a', rescan })).toEqual([
    { path: ['rescan'], change: 'ADDED', before: undefined, after: rescan },
  ])
  expect(documentChanges({ name: 'a', rescan }, { name: 'a' })).toEqual([
    { path: ['rescan'], change: 'REMOVED', before: rescan, after: undefined },
  ])
})

test('the ids of templates, and fields that older documents do not tell, are no difference', () => {
  const template = { name: 'Mail', source: 'x' }
  expect(
    documentChanges({ templates: [template] }, { templates: [{ id: '1', ...template }], dataSourceIds: [] }),
  ).toEqual([])
})
