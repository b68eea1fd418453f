import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readYaml } from './read-yaml.ts'
import { writeYaml } from './write-yaml.ts'

/** Names that are listed, and what JSON may have below them. */
const field = fc.constantFrom(
  'mappings',
  'labels',
  'settings',
  'source',
  'notes',
  'all',
  'columns',
  'NO',
  '1',
  '',
)
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('\n', ' ', '\t', '\r', '#', ':', '-', 'a', '"', "'", '|', '{', '&', '*', '!'),
    maxLength: 20,
  }),
  fc.constantFrom('NO', 'yes', '0x1f', '1e3', 'null', '~', '2026-01-31', '.inf', '<<', '---', '%YAML 1.1'),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(
        field,
        text.filter((name) => name !== '__proto__'),
      ),
      tie('value'),
      { maxKeys: 3 },
    ),
  ),
}))

test('what is written is read as it was, and written again it is the same text', () => {
  fc.assert(
    fc.property(fc.dictionary(field, value, { maxKeys: 4 }), (document) => {
      const plain: unknown = JSON.parse(JSON.stringify(document))
      const written = writeYaml(plain)
      const reading = readYaml(written)
      expect(reading).toMatchObject({ ok: true })
      expect(reading.ok && reading.value).toEqual(plain)
      expect(writeYaml(reading.ok && reading.value)).toBe(written)
    }),
    { numRuns: 1000 },
  )
})

test('a country that older YAML takes for a boolean stands in quotes', () => {
  expect(writeYaml({ country: 'NO' })).toContain('country: "NO"')
})

const deep = `${'['.repeat(100)}${']'.repeat(100)}`

test.each([
  ['an anchor', 'a: &x 1', 1, 7, 'not_allowed_in_yaml'],
  ['a bomb', 'a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]', 2, 8, 'not_allowed_in_yaml'],
  ['a tag', 'sluice: 1\na: !!binary aGk=', 2, 13, 'not_allowed_in_yaml'],
  ['a tag of its own', 'a: !secret x', 1, 4, 'not_allowed_in_yaml'],
  ['a directive', '%YAML 1.1\n---\na: yes', 3, 1, 'not_allowed_in_yaml'],
  ['a key that stands twice', 'a: 1\nb: 2\na: 3', 3, 1, 'bad_yaml'],
  ['two documents', 'a: 1\n---\nb: 2', 2, 1, 'bad_yaml'],
  ['a number as a key', '1: a', 1, 1, 'bad_yaml'],
  ['a number that JSON has not', 'a: .inf', 1, 4, 'bad_yaml'],
  ['a number that would lose digits', 'a: 12345678901234567890', 1, 4, 'bad_yaml'],
  ['a list that never ends', 'a: [1,\n', 2, 1, 'bad_yaml'],
  ['a tab as indentation', 'a:\n\tb: 1', 2, 1, 'bad_yaml'],
  ['too much depth', `a: ${deep}`, 1, 68, 'too_deep'],
])('%s is refused where it stands', (_what, yaml, line, column, code) => {
  const reading = readYaml(yaml)
  expect(reading.ok ? [] : reading.problems).toContainEqual(expect.objectContaining({ line, column, code }))
})

test('depth beyond the stack is refused', () => {
  expect(readYaml('['.repeat(200_000))).toMatchObject({ ok: false })
})

test.each([
  ['a value', ['segments', 0, 'name'], 'name_taken', undefined, 2, 11],
  ['a field that is none', ['segments', 0, 'name'], 'unknown_field', undefined, 2, 5],
  [
    'what is missing, at what it is missing in',
    ['segments', 0, 'conditions', 'any'],
    'required',
    undefined,
    2,
    5,
  ],
  ['a line in a text', ['segments', 0, 'source'], 'unexpected_end', { line: 2, column: 3 }, 5, 9],
  ['the whole', [], 'too_deep', undefined, 1, 1],
])('%s has its place', (_what, path, code, inside, line, column) => {
  const reading = readYaml('segments:\n  - name: x\n    source: |\n      one\n      two\n')
  const issue = { path, code, message: '', ...inside }
  expect(reading.ok && reading.place(issue)).toEqual({ line, column })
})
