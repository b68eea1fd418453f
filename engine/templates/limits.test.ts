/** Renders that fail: each with a code and a place, never with a value, and never for long. */
import { describe, expect, it } from 'vitest'
import { digest } from '../../server/templates/digest.ts'
import { compileTemplates } from './compile-templates.ts'
import type { TemplateLimits } from './limits.ts'
import type { TemplateSource, TemplateValue, VariableType } from './template.ts'

const moment = { now: 0, uuid: () => 'u' }

interface Attempt {
  readonly source: string
  readonly values: readonly (readonly [string, VariableType, TemplateValue])[]
  readonly limits?: Partial<TemplateLimits>
  readonly template?: Partial<TemplateSource>
  readonly others?: readonly TemplateSource[]
}

function attempt({ source, values, limits = {}, template = {}, others = [] }: Attempt): string {
  const compiled = compileTemplates({
    templates: [{ name: 'Body', kind: 'body', source, ...template }, ...others],
    variables: values.map(([name, type]) => ({ name, type })),
    deps: { digest },
    limits,
  })
  if (!compiled.ok) return `refused: ${compiled.problems.map(({ code }) => code).join()}`
  const result = compiled.templates.get('Body')?.render(
    values.map(([, , value]) => value),
    moment,
  )
  if (result === undefined || result.ok) return result?.text ?? ''
  const { template: name, line, column, code, message } = result.failure
  expect(message).not.toContain('s3cret')
  return `${name} ${line}:${column} ${code}`
}

const many = Array.from({ length: 2_000 }, () => 's3cret')

describe('a render', () => {
  it('ends where its text becomes too long', () => {
    const text = ['text', 'string', 's3cret'.repeat(10)] as const
    const list = ['list', 'stringArray', many] as const
    const limits = { maxOutputLength: 50 }
    expect(attempt({ source: 'a\n {{text}}', values: [text], limits })).toBe('Body 2:2 output_too_long')
    expect(attempt({ source: '{{#list}}{{.}}{{/list}}', values: [list], limits })).toContain(
      'output_too_long',
    )
    expect(attempt({ source: '{{join list}}', values: [list], limits })).toContain('output_too_long')
    expect(attempt({ source: '{{#md5}}{{text}}{{/md5}}', values: [text], limits })).toContain(
      'output_too_long',
    )
    const grows =
      '{{#escapeJson}}{{#escapeJson}}{{#escapeJson}}"""{{/escapeJson}}{{/escapeJson}}{{/escapeJson}}'
    expect(attempt({ source: grows, values: [], limits: { maxOutputLength: 15 } })).toContain(
      'output_too_long',
    )
  })

  it.each([
    ['{{#list}}{{#list}}{{#list}}{{/list}}{{/list}}{{/list}}', '1:19'],
    ['{{#list}}{{#list}}{{join list}}{{/list}}{{/list}}', '1:21'],
    ['{{#list}}{{#each list list list}}{{.}}{{/each}}{{/list}}', '1:13'],
    ['{{#list}}{{list.toJson}}{{/list}}', '1:17'],
    ['{{#list}}{{#list}}{{#md5}}{{list}}{{/md5}}{{/list}}{{/list}}', '1:29'],
  ])('ends after so many steps: %s', (source, place) => {
    expect(attempt({ source, values: [['list', 'stringArray', many]] })).toBe(`Body ${place} too_many_steps`)
  })

  it('counts the tags of every turn', () => {
    const source = `{{#list}}${'{{text}}'.repeat(10_000)}{{/list}}`
    const values = [
      ['list', 'stringArray', many],
      ['text', 'string', ''],
    ] as const
    expect(attempt({ source, values })).toBe('Body 1:1 too_many_steps')
  })

  it.each([
    '{{#list}}{{#list}}{{#if tally.entrySet}}{{/if}}{{/list}}{{/list}}',
    '{{#list}}{{#list}}{{#isEq text text}}{{/isEq}}{{/list}}{{/list}}',
    '{{#list}}{{#list}}{{substringAfter text separator="y"}}{{/list}}{{/list}}',
  ])('counts what a helper looks at: %s', (source) => {
    const values = [
      ['list', 'stringArray', many.slice(0, 100)],
      ['tally', 'tally', new Map(many.map((_, index) => [`t${index}`, 1]))],
      ['text', 'string', 'x'.repeat(300_000)],
    ] as const
    expect(attempt({ source, values })).toMatch(/^Body 1:\d+ too_many_steps$/)
  })

  it('says which table has columns of different lengths', () => {
    const values = [
      ['items.name', 'stringArray', ['s3cret', 'b']],
      ['items.price', 'numberArray', [1]],
    ] as const
    expect(attempt({ source: 'x {{#items}}{{name}}{{/items}}', values })).toBe('Body 1:3 unequal_lengths')
  })

  it('says where a date, a number or a key cannot be used', () => {
    const values = [
      ['date', 'date', new Date(Number.NaN)],
      ['text', 'string', 's3cret'],
      ['infinite', 'number', Number.POSITIVE_INFINITY],
      ['gone', 'string', null],
    ] as const
    expect(attempt({ source: '\n{{date}}', values })).toBe('Body 2:3 not_a_date')
    expect(attempt({ source: '{{formatDate date pattern="yyyy"}}', values })).toBe('Body 1:3 not_a_date')
    expect(attempt({ source: '{{date.toTimestamp}}', values })).toBe('Body 1:8 not_a_date')
    expect(attempt({ source: '{{text.toInteger}}', values })).toBe('Body 1:8 not_a_number')
    const long = [['text', 'string', '9'.repeat(1_000_000)]] as const
    expect(attempt({ source: '{{text.toInteger}}', values: long })).toBe('Body 1:8 not_a_number')
    expect(attempt({ source: '{{infinite.toJson}}', values })).toBe('Body 1:12 not_a_json_number')
    const hash = '{{hash algorithm="HmacMD5" useSecretKey="true" gone text}}'
    expect(attempt({ source: hash, values })).toBe('Body 1:3 no_key')
  })

  it('says which tag of the template breaks the JSON', () => {
    const values = [
      ['quoted', 'string', 'a "s3cret"'],
      ['list', 'stringArray', ['a', '"']],
      ['number', 'number', 1],
    ] as const
    const json = (source: string, others: readonly TemplateSource[] = []) =>
      attempt({ source, values, others, template: { format: 'json' } })
    expect(json('{"a":"{{number}}",\n"b":"{{quoted}}"}')).toBe('Body 2:6 not_json')
    expect(json('{"a":"{{#escapeJson}}{{quoted}}{{/escapeJson}}"}')).toBe('{"a":"a \\"s3cret\\""}')
    expect(json('{"a":{{quoted.toJson}}}')).toBe('{"a":"a \\"s3cret\\""}')
    expect(json('[{{#list}}"{{.}}"{{#iter.hasNext}},{{/iter.hasNext}}{{/list}}]')).toBe('Body 1:17 not_json')
    expect(json('{"a":{{>Part}}}', [{ name: 'Part', kind: 'custom', source: '\n {{quoted}}' }])).toBe(
      'Part 2:2 not_json',
    )
    expect(json('{"a": {{number}} {{number}} }')).toBe('Body 1:18 not_json')
    expect(json('{"a":"x"{{#number}}{{/number}}')).toBe('Body 1:31 not_json')
  })

  it.each(['header', 'url', 'urlParameters'] as const)('has no line breaks in %s', (kind) => {
    const values = [['text', 'string', 'a\r\nInjected: s3cret']] as const
    expect(attempt({ source: 'x {{text}}', values, template: { kind } })).toBe('Body 1:3 line_break')
    expect(attempt({ source: '\n a/{{b}}\n', values: [['b', 'string', 'c']], template: { kind } })).toBe(
      'a/c',
    )
  })

  it('takes values of other types than it was told', () => {
    const source =
      '{{text}} {{number}} {{list}} {{#list}}{{.}}{{/list}} {{number.toInteger}} {{join list}} {{list.toJson}}'
    const values = [
      ['text', 'string', 5],
      ['number', 'number', 'seven'],
      ['list', 'stringArray', 'none'],
    ] as const
    expect(attempt({ source, values: values })).toBe('Body 1:63 not_a_number')
    expect(attempt({ source: source.replace('{{number.toInteger}} ', ''), values })).toBe(
      '5.0 seven none  none "none"',
    )
  })
})
