/** The facts for editors: tokens, uses, completions. */
import { describe, expect, it } from 'vitest'
import { digest } from '../../server/templates/digest.ts'
import { completeTemplate, describeTemplate } from './editor.ts'
import { guideVariables } from './guide-record.ts'
import { helperFacts, signatureOf } from './helpers.ts'

function inputOf(source: string) {
  return {
    templates: [
      { name: 'Body', kind: 'body', source },
      { name: 'Row', kind: 'custom', source: '' },
    ],
    variables: guideVariables,
    deps: { digest },
  } as const
}

/** The place is where the bar is. */
function completions(marked: string): readonly string[] {
  const offset = marked.indexOf('|')
  return completeTemplate(inputOf(marked.replace('|', '')), 'Body', offset).map(
    ({ text, kind }) => `${kind} ${text}`,
  )
}

describe('describeTemplate', () => {
  it('colours a template', () => {
    const source =
      '{{! note }}{{#if str}}{{tally.castIntegers.toJson}} {{join [1, true] on=", "}}{{>Row}}{{/if}}'
    const tokens = describeTemplate(inputOf(source), 'Body')?.tokens ?? []
    expect(
      tokens.map(({ kind, start, end }) => `${kind} ${source.slice(start, end)}`),
    ).toMatchInlineSnapshot(`
      [
        "comment {{! note }}",
        "delimiter {{#",
        "helper if",
        "variable str",
        "delimiter }}",
        "delimiter {{",
        "variable tally",
        "postfix castIntegers.toJson",
        "delimiter }}",
        "delimiter {{",
        "helper join",
        "number 1",
        "boolean true",
        "option on",
        "string ", "",
        "delimiter }}",
        "delimiter {{>",
        "template Row",
        "delimiter }}",
        "delimiter {{/",
        "helper if",
        "delimiter }}",
      ]
    `)
  })

  it('lists where names are used, what is included, and the problems', () => {
    const facts = describeTemplate(
      inputOf('{{str}}\n{{#items}}{{name}}{{str}}{{>Row}}{{/items}}{{gnoe}}'),
      'Body',
    )
    expect(facts?.uses.map(({ name, line, column }) => `${name} ${line}:${column}`)).toEqual([
      'str 1:3',
      'items 2:4',
      'name 2:13',
      'str 2:21',
    ])
    expect(facts?.includes).toEqual(['Row'])
    expect(facts?.problems).toMatchObject([{ code: 'unknown_variable', severity: 'warning', line: 2 }])
  })

  it('knows no template of another name', () => {
    expect(describeTemplate(inputOf(''), 'Head')).toBeUndefined()
  })
})

describe('completeTemplate', () => {
  it.each([
    ['{{st|', ['variable str']],
    [
      '{{su|',
      [
        'helper substring',
        'helper substringAfter',
        'helper substringAfterLast',
        'helper substringBefore',
        'helper substringBeforeLast',
        'helper substringBetween',
      ],
    ],
    ['{{#enc|}}', ['helper encodeBase64', 'helper encodeUrl']],
    ['{{^st|', ['variable str']],
    ['{{tally.|', ['part castIntegers', 'part entrySet', 'part sum', 'part toJson', 'part toList']],
    ['{{tally.castIntegers.to|', ['part toJson', 'part toList']],
    ['{{user.a|', ['part address']],
    ['{{items.name.0.|', ['part toInteger', 'part toJson', 'part toList']],
    ['{{#items}}{{na|', ['variable name']],
    ['{{#items}}{{ite|', ['variable items', 'variable iter']],
    ['{{#arrs}}{{iter.is|}}{{/arrs}}', ['part isEven', 'part isFirst', 'part isLast', 'part isOdd']],
    ['{{#each tally.entrySet}}{{va|', ['variable value']],
    ['{{formatDate dat pat|', ['variable path', 'option pattern=']],
    ['{{hash algorithm="MD5" binaryEncoding="|', ['value base64', 'value hex']],
    ['{{join arrs on=", |', []],
    ['{{#arrs}}{{#bln}}{{/|', ['section arrs', 'section bln']],
    ['{{>|', ['template Row']],
    ['{{! st|', []],
    ['st|', []],
    ['{{str}} st|', []],
  ])('offers for %s: %j', (marked, expected) => {
    expect(completions(marked)).toEqual(expected)
  })
})

it('has for each helper a signature and a sentence', () => {
  expect(helperFacts.map(signatureOf)).toMatchInlineSnapshot(`
    [
      "value.castIntegers",
      "each list… [as="…"]",
      "encodeBase64",
      "encodeUrl",
      "escapeHtml",
      "escapeJson",
      "escapeXml",
      "formatDate date pattern="…"",
      "hash value… algorithm="…" [encodingCharset="UTF-8"|"US-ASCII"] [binaryEncoding="base64"|"hex"] [binaryEncodingOptions="lowercase"|"uppercase"] [joinOn=""] [useSecretKey="true"|"false"]",
      "if value… [logic="and"|"or"] [else="…"]",
      "is value then [otherwise]",
      "isEq a b",
      "isNotEq a b",
      "join list… [on=","]",
      "jsonMinify",
      "md5",
      "sha1",
      "sha256",
      "substring text start [end]",
      "substringAfter text separator="…"",
      "substringAfterLast text separator="…"",
      "substringBefore text separator="…"",
      "substringBeforeLast text separator="…"",
      "substringBetween text open="…" close="…"",
      "value.sum",
      "value.toInteger",
      "value.toJson",
      "value.toList",
      "value.toTimestamp",
      "value.toTimestampMs",
      "unixTimestamp [format="…"]",
      "unixTimestampMs [format="…"]",
      "unless value… [logic="and"|"or"] [else="…"]",
      "uuid",
      "with value",
    ]
  `)
  for (const { description } of helperFacts) expect(description).toMatch(/^[A-Z].*\.$/)
})
