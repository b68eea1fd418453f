/** Templates that are anything: compiling and rendering them ends, without an exception and with the same result twice. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { digest } from '../../server/templates/digest.ts'
import { compileTemplates } from './compile-templates.ts'
import { completeTemplate, describeTemplate } from './editor.ts'
import { guideMoment, guideValues, guideVariables } from './guide-record.ts'
import { helperFacts } from './helpers.ts'
import { whereNotJson } from './json-place.ts'
import type { TemplateSource, TemplateValue } from './template.ts'

const names = [
  ...guideVariables.map(({ name }) => name),
  'this',
  '.',
  'iter.index',
  'iter.hasNext',
  'key',
  '__proto__',
  'constructor',
]
const pieces = [
  ...[
    '{{',
    '}}',
    '{{{',
    '}}}',
    '#',
    '^',
    '/',
    '!',
    '>',
    '&',
    '=',
    '+',
    '"',
    "'",
    '[',
    ']',
    ' ',
    '\n',
    '.',
    '{',
    '}',
    '<% %>',
  ],
  ...helperFacts.flatMap(({ name, example }) => [name, example.template]),
  ...names,
]

/** Sound tags in a row, so that the fuzz also reaches renders. */
const tag = fc.oneof(
  fc.constantFrom(...names).map((name) => `{{${name}}}`),
  fc.constantFrom(...helperFacts).map(({ example }) => example.template),
  fc.string({ maxLength: 10 }),
)
const sound: fc.Arbitrary<string> = fc.letrec<{ content: string }>((tie) => ({
  content: fc
    .array(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        tag,
        fc
          .tuple(fc.constantFrom(...names), fc.constantFrom('#', '^'), tie('content'))
          .map(([name, mark, content]) => {
            return `{{${mark}${name}}}${content}{{/${name}}}`
          }),
        fc
          .tuple(fc.constantFrom('escapeJson', 'md5', 'jsonMinify', 'encodeUrl'), tie('content'))
          .map(([name, content]) => {
            return `{{#${name}}}${content}{{/${name}}}`
          }),
        fc.constant('{{>Other}}'),
      ),
      { maxLength: 5 },
    )
    .map((parts) => parts.join('')),
})).content
const broken = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(''))

const values: fc.Arbitrary<readonly TemplateValue[]> = fc.tuple(
  ...guideValues.map((usual) =>
    fc.oneof(
      fc.constant(usual),
      fc.constant(null),
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.bigInt(),
      fc.array(fc.oneof(fc.string(), fc.constant(null)), { maxLength: 4 }),
      fc.date(),
    ),
  ),
)

it('ends for any template and any record, and repeats itself', () => {
  let rendered = 0
  fc.assert(
    fc.property(fc.oneof(sound, broken), values, fc.boolean(), (source, record, isJson) => {
      const templates: readonly TemplateSource[] = [
        { name: 'Body', kind: 'body', source, ...(isJson ? { format: 'json' } : {}) },
        { name: 'Other', kind: 'custom', source: '{{str}}\n{{#arrs}}{{.}}{{/arrs}}' },
      ]
      const input = { templates, variables: guideVariables, deps: { digest }, limits: { maxSteps: 5_000 } }
      const compiled = compileTemplates(input)
      for (const { line, column } of compiled.problems) expect(line > 0 && column > 0).toBe(true)
      if (!compiled.ok) return
      const body = compiled.templates.get('Body')
      const result = body?.render(record, guideMoment())
      if (result?.ok === true && result.text !== '') rendered += 1
      expect(body?.render(record, guideMoment())).toEqual(result)
      if (isJson && result?.ok === true && result.text !== '')
        expect(() => JSON.parse(result.text)).not.toThrow()
    }),
    { numRuns: 2_000 },
  )
  expect(rendered).toBeGreaterThan(200)
})

it('tells editors of any template where its pieces are, and what can be written anywhere', () => {
  fc.assert(
    fc.property(fc.oneof(sound, broken), fc.nat(), (source, place) => {
      const templates: readonly TemplateSource[] = [{ name: 'Body', kind: 'body', source }]
      const input = { templates, variables: guideVariables, deps: { digest } }
      let end = 0
      for (const token of describeTemplate(input, 'Body')?.tokens ?? []) {
        expect(token.start).toBeGreaterThanOrEqual(end)
        expect(token.end).toBeGreaterThanOrEqual(token.start)
        end = token.end
      }
      expect(end).toBeLessThanOrEqual(source.length)
      const offset = place % (source.length + 1)
      for (const { start } of completeTemplate(input, 'Body', offset))
        expect(start).toBeLessThanOrEqual(offset)
    }),
    { numRuns: 500 },
  )
})

it.each([
  '{{',
  '{{"',
  '{{! ',
  '{{#a}}',
  '{{/a}}',
  '{{a "b}}',
  '{{=<% %>=}}<%={{ }}=%>',
  '}}',
  '{{a.',
  '{{#a}}{{/b}}',
  ' \n',
  '{{=< <>=}}<',
])('reads a hundred thousand characters of %s in time that grows with them', (piece) => {
  const source = piece.repeat(Math.floor(99_000 / piece.length))
  const input = {
    templates: [{ name: 'Body', kind: 'body', source } as const],
    variables: [],
    deps: { digest },
  }
  // Work that grew with the square of the length would take minutes here, and the test's limit is half of one.
  expect(compileTemplates(input).problems.length).toBeLessThanOrEqual(100)
})

it('does not compare every misspelt name with every variable', () => {
  const source = Array.from({ length: 9_000 }, (_, index) => `{{name${index}}}`)
    .join('')
    .slice(0, 100_000)
  const variables = Array.from(
    { length: 500 },
    (_, index) => ({ name: `a_longer_name_${index}`, type: 'string' }) as const,
  )
  const input = { templates: [{ name: 'Body', kind: 'body', source } as const], variables, deps: { digest } }
  expect(compileTemplates(input).problems.length).toBe(100)
})

it('finds the place of a fault just where the built-in parser finds a fault', () => {
  const json = fc.json().map((text) => [...text])
  const change = fc.tuple(json, fc.nat(), fc.constantFrom('', '"', ',', '}', ']', '\\', '1', 'e', '\n', ' '))
  fc.assert(
    fc.property(change, ([letters, place, piece]) => {
      const text = letters.with(place % letters.length, piece).join('')
      let isJson = true
      try {
        JSON.parse(text)
      } catch {
        isJson = false
      }
      expect(whereNotJson(text) === undefined).toBe(isJson)
    }),
    { numRuns: 2_000 },
  )
})
