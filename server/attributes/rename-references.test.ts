/** Names in a configuration, there and back. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AttributedColumn } from '../../engine/documents.ts'
import { renamedColumns, renamedReferences, renamedVariables } from './rename-references.ts'

const there = { from: 'email', to: 'mail' }
const back = { from: 'mail', to: 'email' }
/** As it is before: no reference names what is not yet there. */
const name = fc.constantFrom('email', 'e-mail', 'country', 'attribute', 'Email')
const constant = fc.constantFrom<unknown>('email', 'mail', 1, true, { amount: 1, unit: 'email' })
const condition = fc.record(
  {
    attribute: name,
    operator: fc.constant('equals'),
    value: fc.oneof(constant, fc.record({ attribute: name })),
  },
  { requiredKeys: ['attribute', 'operator'] },
)
const groups = fc.array(fc.record({ all: fc.array(condition, { maxLength: 3 }) }), { maxLength: 3 })
const conditions = fc.record({ any: groups, exclude: groups }, { requiredKeys: ['any'] })
const mapping = fc.record({
  parameter: name,
  from: fc.oneof(
    fc.record({ kind: fc.constant('attribute'), attribute: name }),
    fc.record({ kind: fc.constant('constant'), value: fc.constantFrom('email', 'mail') }),
    fc.record({ kind: fc.constant('template'), template: name }),
  ),
})

it('whatever names the attribute names it anew, and nothing else changes; back it is as before', () => {
  fc.assert(
    fc.property(fc.oneof(conditions, fc.array(mapping)), (value) => {
      const renamed = renamedReferences(value, there)
      const swapped = JSON.stringify(value).replaceAll('"attribute":"email"', '"attribute":"mail"')
      expect(JSON.stringify(renamed)).toBe(swapped)
      expect(renamedReferences(renamed, back)).toEqual(value)
    }),
  )
})

it('a column keeps its own name under any attribute', () => {
  const facts = { type: 'string', nativeType: 'text', nullable: true } as const
  const columns: readonly AttributedColumn[] = [
    { name: 'email', ...facts },
    { name: 'country', column: 'land', ...facts },
  ]
  const renamed = renamedColumns(columns, there)
  expect(renamed).toEqual([{ name: 'mail', column: 'email', ...facts }, columns[1]])
  expect(renamedColumns(renamed, back)).toEqual(columns)
  const own = { from: 'country', to: 'land' }
  expect(renamedColumns(columns, own)[1]).toEqual({ name: 'land', ...facts })
})

it('a template that calls the attribute by its name gets a variable of that name', () => {
  const variables = [{ name: 'addr', attribute: 'email' }]
  const renamed = renamedVariables(variables, there, true)
  expect(renamed).toEqual([
    { name: 'addr', attribute: 'mail' },
    { name: 'email', attribute: 'mail' },
  ])
  expect(renamedVariables(renamed, back, false)).toEqual(variables)
  expect(renamedVariables([{ name: 'mail', attribute: 'email' }], there, false)).toEqual([])
})
