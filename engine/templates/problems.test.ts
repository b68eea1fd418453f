/** What is wrong with a template is said when it is compiled: everything at once, with its place and what to do. */
import { describe, expect, it } from 'vitest'
import { digest } from '../../server/templates/digest.ts'
import { compileTemplates } from './compile-templates.ts'
import { guideVariables } from './guide-record.ts'
import type { TemplateLimits } from './limits.ts'
import type { TemplateSource } from './template.ts'

function problemsOf(
  source: string,
  others: readonly TemplateSource[] = [],
  limits: Partial<TemplateLimits> = {},
) {
  return compileTemplates({
    templates: [{ name: 'Body', kind: 'body', source }, ...others],
    variables: guideVariables,
    deps: { digest },
    limits,
  }).problems
}

const custom = (name: string, source: string): TemplateSource => ({ name, kind: 'custom', source })

describe('compileTemplates', () => {
  it.each([
    ['a {{str', '1:3 unclosed_tag', 'put }} behind it'],
    ['{{str {{num}}', '1:1 unclosed_tag', 'never closed'],
    ['{{! str', '1:1 unclosed_tag', 'never closed'],
    ['a\n{{}}', '2:1 empty_tag', 'put the name of a variable'],
    ['{{ # }}', '1:4 unknown_variable', 'There is no variable "#"'],
    ['{{{str}}', '1:1 malformed_tag', 'Three opening braces'],
    ['{{join arrs on=}}', '1:13 malformed_tag', 'on="text"'],
    ['{{"str"}}', '1:3 malformed_tag', 'begins with the name'],
    ['{{join [arrs}}', '1:8 malformed_tag', 'put ] behind it'],
    ['{{join arrs on=",}}', '1:16 unclosed_text', 'put " behind it'],
    ['{{=<% }}', '1:1 bad_delimiters', '{{=<% %>=}}'],
    ['{{#bln}}\nyes', '1:1 unclosed_section', 'put {{/bln}} where it ends'],
    ['yes{{/bln}}', '1:4 unexpected_end', 'No section is open here'],
    ['{{#bln}}{{/blm}}{{/bln}}', '1:9 unexpected_end', 'The open section is "bln"'],
    ['{{<base}}', '1:1 not_supported', 'include one with {{>name}}'],
    ['{{strr}}', '1:3 unknown_variable', 'Did you mean "str"?'],
    ['{{uuidd}}', '1:3 unknown_variable', 'Did you mean "uuid"?'],
    ['{{str.lenght}}', '1:7 unknown_name', 'A text has no "lenght"'],
    ['{{#arrs}}{{iter.hasNxt}}{{/arrs}}', '1:17 unknown_name', 'Did you mean "hasNext"?'],
    ['{{.}}', '1:3 no_element', 'name a variable instead'],
    ['{{formatDat dat pattern="yyyy"}}', '1:3 unknown_helper', 'Did you mean "formatDate"?'],
    ['{{#isEqu str "a"}}{{/isEqu}}', '1:4 unknown_helper', 'Did you mean "isEq"?'],
    ['{{formatDate dat patern="yyyy"}}', '1:18 unknown_argument', 'Did you mean "pattern"?'],
    ['{{uuid x="1"}}', '1:8 unknown_argument', 'Remove it.'],
    ['{{formatDate dat}}', '1:3 missing_argument', 'needs pattern="…"'],
    ['{{substring str}}', '1:3 missing_argument', '"start" (the first character)'],
    ['{{uuid str}}', '1:8 too_many_arguments', 'takes nothing'],
    ['{{substring str 1 2 3}}', '1:21 too_many_arguments', 'at most 3'],
    ['{{formatDate str pattern="yyyy"}}', '1:14 wrong_argument', 'works on a date; this is a text'],
    ['{{formatDate dat pattern=str}}', '1:26 wrong_argument', 'as a text in quotes'],
    ['{{num.toTimestamp}}', '1:7 wrong_argument', 'works on a date; this is a number'],
    ['{{#each str}}{{/each}}', '1:9 wrong_argument', 'goes through a list; this is a text'],
    ['{{#each arrs arrn}}{{/each}}', '1:14 wrong_argument', 'of one type'],
    ['{{hash algorithm="SHA256x" str}}', '1:18 wrong_argument', 'Did you mean "SHA-256"?'],
    ['{{hash algorithm="HmacSHA256" str}}', '1:18 wrong_argument', 'useSecretKey="true"'],
    ['{{hash algorithm="MD5" binaryEncoding="bas64" str}}', '1:39 wrong_argument', 'Did you mean "base64"?'],
    ['{{hash algorithm="HmacMD5" useSecretKey="true" str}}', '1:3 missing_argument', 'the key and a value'],
    ['{{md5}}', '1:3 wrong_tag', 'write {{#md5 …}}…{{/md5}}'],
    ['{{#uuid}}{{/uuid}}', '1:4 wrong_tag', 'Write {{uuid …}}'],
    ['{{^if str}}{{/if}}', '1:4 wrong_tag', 'Use {{#unless …}}'],
    ['{{items}}', '1:3 not_writable', 'open a section on it'],
    ['{{#arrs}}{{iter}}{{/arrs}}', '1:12 not_writable', 'use iter.index'],
    ['{{formatDate dat pattern="yyyy-MM-ddTHH"}}', '1:26 bad_date_pattern', '"T" is no field of a date'],
    ['{{unixTimestamp format="yyyy\'"}}', '1:24 bad_date_pattern', 'a quote that is never closed'],
    ['{{>Gone}}', '1:1 unknown_template', 'There is no template "Gone"'],
    ['{{>Body}}', '1:1 cyclic_include', 'Body → Body'],
  ])('finds in %s the problem %s and says %s', (template, expected, message) => {
    const [problem] = problemsOf(template)
    expect(`${problem?.line}:${problem?.column} ${problem?.code}`).toBe(expected)
    expect(problem?.message).toContain(message)
    expect(problem?.template).toBe('Body')
  })

  it('finds all problems at once, in the order of their places', () => {
    const template =
      '{"a": {{join }},\n "b": {{#md5}}{{formatDate str}}{{/md5}},\n "c": {{unknwn "x"}}, "d": {{#bln}}'
    expect(problemsOf(template).map(({ code, line }) => `${line} ${code}`)).toEqual([
      '1 missing_argument',
      '2 missing_argument',
      '3 unknown_helper',
      '3 unclosed_section',
    ])
  })

  it('finds a cycle over several templates from each of them', () => {
    const others = [custom('A', '{{>B}}'), custom('B', '\n{{>A}}')]
    const cycles = problemsOf('{{>A}}', others)
    expect(cycles.map(({ template, line, message }) => `${template}:${line} ${message}`)).toEqual([
      'A:1 The template includes itself: B → A → B. Remove one of the includes.',
      'B:2 The template includes itself: A → B → A. Remove one of the includes.',
    ])
  })

  it('reports cycles of templates that nothing else includes', () => {
    const codes = problemsOf('', [custom('A', '{{>B}}'), custom('B', '{{>A}}')]).map(({ code }) => code)
    expect(codes).toContain('cyclic_include')
  })

  it('judges a template where it is included, with the names that are known there', () => {
    expect(problemsOf('{{#items}}{{>Row}}{{/items}}', [custom('Row', '{{name}} {{price}}')])).toEqual([])
    const [problem] = problemsOf('{{#items}}{{>Row}}{{/items}}', [custom('Row', '{{nam}}')])
    expect(problem).toMatchObject({ template: 'Row', code: 'unknown_variable' })
  })

  it('bounds what a template may be', () => {
    const deep = '{{#bln}}'.repeat(60) + '{{/bln}}'.repeat(60)
    expect(problemsOf(deep).map(({ code }) => code)).toEqual(['too_deep'])
    expect(problemsOf('x'.repeat(100_001)).map(({ code }) => code)).toEqual(['template_too_large'])
    const pattern = `{{formatDate dat pattern="${'y'.repeat(201)}"}}`
    expect(problemsOf(pattern).map(({ code }) => code)).toEqual(['bad_date_pattern'])
    const chain = Array.from({ length: 12 }, (_, index) => custom(`T${index}`, `{{>T${index + 1}}}`))
    expect(new Set(problemsOf('{{>T0}}', [...chain, custom('T12', '')]).map(({ code }) => code))).toEqual(
      new Set(['too_deep']),
    )
  })

  it('does not follow includes that double and double again', () => {
    const doubling = Array.from({ length: 9 }, (_, index) =>
      custom(`T${index}`, `{{>T${index + 1}}}`.repeat(8)),
    )
    const codes = problemsOf('{{>T0}}', [...doubling, custom('T9', 'x')]).map(({ code }) => code)
    expect(codes).toContain('template_too_large')
  })

  it('refuses variables and templates whose names cannot be', () => {
    const names = ['a b', '1st', 'this', 'x', 'x', 'x.y', 'join', 'hash.key']
    const { problems } = compileTemplates({
      templates: [custom('A', ''), custom('A', '')],
      variables: names.map((name) => ({ name, type: 'string' })),
      deps: { digest },
    })
    expect(problems.map(({ code, message }) => `${code}: ${message}`)).toMatchInlineSnapshot(`
      [
        "bad_variable: "a b" cannot name a variable: use letters, digits, "_" and "-", and dots between the parts.",
        "bad_variable: "1st" cannot name a variable: use letters, digits, "_" and "-", and dots between the parts.",
        "bad_variable: "this" cannot name a variable: use letters, digits, "_" and "-", and dots between the parts.",
        "bad_variable: There are two variables "x": rename one.",
        "bad_variable: "x" is a text and also the beginning of other names: rename one.",
        "bad_variable: "join" is the name of a helper, which would be used instead: rename the variable.",
        "bad_variable: "hash.key" is the name of a helper, which would be used instead: rename the variable.",
        "duplicate_template: Two templates are named "A": rename one.",
      ]
    `)
  })

  it('tells when a template that must be JSON never is', () => {
    const json = (source: string) =>
      compileTemplates({
        templates: [{ name: 'Body', kind: 'body', source, format: 'json' }],
        variables: guideVariables,
        deps: { digest },
      }).problems.map(({ severity, line, column, code }) => `${severity} ${line}:${column} ${code}`)
    expect(
      json(
        '{"a":"{{str}}","b":{{num}},"c":[{{#arrs}}{{iter.index}}{{#iter.hasNext}},{{/iter.hasNext}}{{/arrs}}]}',
      ),
    ).toEqual([])
    expect(json('{"a":"{{str}}",\n "b":{{dat}}}')).toEqual(['warning 2:6 not_json'])
    expect(json('{"a":1,}')).toEqual(['error 1:8 not_json'])
  })
})
