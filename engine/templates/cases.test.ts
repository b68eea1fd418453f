/** The dialect, case by case: what a template renders for the record of the guide. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { digest } from '../../server/templates/digest.ts'
import { compileTemplates } from './compile-templates.ts'
import { guideMoment, guideValues, guideVariables } from './guide-record.ts'
import { helperFacts } from './helpers.ts'

function render(source: string): string {
  const compiled = compileTemplates({
    templates: [
      { name: 'Body', kind: 'body', source },
      { name: 'Line', kind: 'custom', source: '{{name}}: {{price}}\n' },
      { name: 'Two lines', kind: 'custom', source: '<\n{{#arrn}}\n{{.}}\n{{/arrn}}\n>\n' },
      { name: 'Greeting', kind: 'custom', source: '{{str}} {{>Name}}' },
      { name: 'Name', kind: 'custom', source: '{{user.name}}' },
    ],
    variables: guideVariables,
    deps: { digest },
  })
  if (!compiled.ok) return compiled.problems.map(({ code }) => code).join()
  const result = compiled.templates.get('Body')?.render(guideValues, guideMoment())
  return result?.ok === true ? result.text : `failed: ${result?.failure.code}`
}

type Cases = readonly (readonly [template: string, result: string])[]

const variables: Cases = [
  ['plain text', 'plain text'],
  ['', ''],
  ['{{str}}', 'Hello'],
  ['{{ str }}', 'Hello'],
  ['{{\tstr\n}}', 'Hello'],
  ['{{str}} world', 'Hello world'],
  ['{{{str}}}', 'Hello'],
  ['{{& str}}', 'Hello'],
  ['{{&str}}', 'Hello'],
  ['{"a":{"b":"{{str}}"}}', '{"a":{"b":"Hello"}}'],
  ['{ {{str}} }', '{ Hello }'],
  ['{{gone}}', ''],
  ['{{unknown}}', ''],
  ['{{unknown.more}}', ''],
  ['{{str.more}}', ''],
  ['{{raw}}', 'say "hi"\n<b>&\'c\'</b>'],
  ['{{num}}', '12.0'],
  ['{{price}}', '3.99'],
  ['{{zero}}', '0.0'],
  ['{{long}}', '9007199254740993.0'],
  ['{{exact}}', '12345678901234567890.10'],
  ['{{bln}} {{off}}', 'true false'],
  ['{{dat}}', '2020-09-15T00:00:00.000Z'],
  ['{{arrs}}', '[A,A,B]'],
  ['{{arrn}}', '[1.0,1.0,2.0]'],
  ['{{arrb}}', '[true,true,false]'],
  ['{{holes}}', '[A,null,B]'],
  ['{{none}}|{{goneList}}', '[]|'],
  ['{{tally}}', '{A=1.0, B=2.0, C=3.0}'],
  ['{{noTally}}', '{}'],
  ['{{arrs.0}}{{arrs.2}}', 'AB'],
  ['{{arrs.3}}', ''],
  ['{{arrn.2}}', '2.0'],
  ['{{tally.B}}', '2.0'],
  ['{{tally.X}}', ''],
  ['{{user.name}}, {{user.address.city}}', 'Ann, Oslo'],
  ['{{items.name}}', '[pen,cup]'],
  ['{{items.name.1}}', 'cup'],
  ['{{str}}}', 'Hello}'],
  ['{ {str} }', '{ {str} }'],
  ['a { b } c }} d', 'a { b } c }} d'],
]

const sections: Cases = [
  ['{{#bln}}yes{{/bln}}', 'yes'],
  ['{{#off}}yes{{/off}}', ''],
  ['{{#gone}}yes{{/gone}}', ''],
  ['{{#blank}}yes{{/blank}}', ''],
  ['{{#str}}{{.}}!{{/str}}', 'Hello!'],
  ['{{#str}}{{this}}!{{/str}}', 'Hello!'],
  ['{{#zero}}{{.}}{{/zero}}', '0.0'],
  ['{{#num}}{{.}} {{str}}{{/num}}', '12.0 Hello'],
  ['{{#tally}}yes{{/tally}}{{#noTally}}no{{/noTally}}', 'yes'],
  ['{{#tally}}{{A}} {{B.toInteger}} {{X}} {{str}}{{/tally}}', '1.0 2  Hello'],
  ['{{#tally}}{{user.name}} {{arrs.1}} {{tally.A}} {{dat.toTimestamp}}{{/tally}}', 'Ann A 1.0 1600128000'],
  ['{{#arrs}}{{.}};{{/arrs}}', 'A;A;B;'],
  ['{{#none}}{{.}}{{/none}}', ''],
  ['{{#goneList}}{{.}}{{/goneList}}', ''],
  ['{{#arrb}}{{.}} {{/arrb}}', 'true true false '],
  ['{{#arrb}}{{#.}}1{{/.}}{{^.}}0{{/.}}{{/arrb}}', '110'],
  ['{{#holes}}<{{.}}>{{/holes}}', '<A><><B>'],
  ['{{#arrs}}{{#bln}}{{.}}{{/bln}}{{/arrs}}', 'AAB'],
  ['{{#arrs}}{{#arrn}}{{.toInteger}}{{/arrn}}{{.}} {{/arrs}}', '112A 112A 112B '],
  ['{{^off}}no{{/off}}', 'no'],
  ['{{^bln}}no{{/bln}}', ''],
  ['{{^gone}}no{{/gone}}', 'no'],
  ['{{^blank}}no{{/blank}}', 'no'],
  ['{{^none}}no{{/none}}{{^goneList}}no{{/goneList}}', 'nono'],
  ['{{^arrs}}no{{/arrs}}', ''],
  ['{{^zero}}no{{/zero}}', ''],
  ['{{^noTally}}no{{/noTally}}{{^tally}}no{{/tally}}', 'no'],
  ['{{^unknown}}no{{/unknown}}', 'no'],
  ['{{#user}}{{name}} {{address.city}}{{/user}}', 'Ann Oslo'],
  ['{{#user.address}}{{city}}{{/user.address}}', 'Oslo'],
  ['{{#user}}{{#address}}{{name}} in {{city}}{{/address}}{{/user}}', 'Ann in Oslo'],
]

const iteration: Cases = [
  ['{{#arrs}}{{iter.index}}{{/arrs}}', '123'],
  ['{{#arrs}}{{iter.position}}{{/arrs}}', '012'],
  ['{{#arrs}}{{.}}{{#iter.hasNext}},{{/iter.hasNext}}{{/arrs}}', 'A,A,B'],
  ['{{#arrs}}{{#iter.isFirst}}[{{/iter.isFirst}}{{.}}{{#iter.isLast}}]{{/iter.isLast}}{{/arrs}}', '[AAB]'],
  ['{{#arrs}}{{iter.isFirst}} {{/arrs}}', 'true false false '],
  ['{{#arrs}}{{^iter.isFirst}}, {{/iter.isFirst}}{{.}}{{/arrs}}', 'A, A, B'],
  ['{{#arrs}}{{iterIndex}}{{#iterHasNext}}-{{/iterHasNext}}{{/arrs}}', '1-2-3'],
  ['{{#arrs}}{{iter.indexParity}} {{/arrs}}', 'odd even odd '],
  ['{{#arrn}}{{#arrs}}{{iter.index}}{{/arrs}}{{iter.index}} {{/arrn}}', '1231 1232 1233 '],
  ['{{#each tally.entrySet}}{{key}} {{value.toInteger}};{{/each}}', 'A 1;B 2;C 3;'],
  ['{{#each tally.castIntegers.entrySet}}{{key}}{{value}}{{/each}}', 'A1B2C3'],
  [
    '{{#tally.entrySet}}"{{key}}":{{value}}{{#iter.hasNext}},{{/iter.hasNext}}{{/tally.entrySet}}',
    '"A":1.0,"B":2.0,"C":3.0',
  ],
  ['{{#tally.entrySet}}{{.}} {{/tally.entrySet}}', 'A=1.0 B=2.0 C=3.0 '],
  ['{{#each arrs}}{{.}}{{/each}}', 'AAB'],
  ['{{#each arrs arrs}}{{iter.index}}{{.}}{{/each}}', '1A2A3B4A5A6B'],
  ['{{#each arrs as="letter"}}{{letter}}{{/each}}', 'AAB'],
  ['{{#each ["x", "y"]}}{{.}}{{/each}}', 'xy'],
  ['{{#each none}}x{{/each}}{{#each goneList}}x{{/each}}', ''],
  ['{{#items}}{{name}}={{price}} {{/items}}', 'pen=1.5 cup=20.0 '],
  ['{{#items}}{{name}}@{{shop}} {{/items}}', 'pen@Main cup@Main '],
  ['{{#items}}{{iter.index}}{{name}}{{#iter.hasNext}},{{/iter.hasNext}}{{/items}}', '1pen,2cup'],
  ['{{#items}}{{str}}{{/items}}', 'HelloHello'],
  ['{{#items}}{{#name}}{{.}}{{price.toInteger}}{{/name}}{{/items}}', 'pen1cup20'],
  ['{{#each items}}{{name}};{{/each}}', 'pen;cup;'],
  ['{{#each items as="row"}}{{row.name}};{{/each}}', 'pen;cup;'],
  ['{{#half}}{{name}}{{price.toInteger}};{{/half}}', '1;2;'],
  ['{{#empty}}x{{/empty}}{{^empty}}nothing{{/empty}}', 'nothing'],
]

const postfixes: Cases = [
  ['{{num.toInteger}} {{price.toInteger}}', '12 3'],
  ['{{long.toInteger}} {{exact.toInteger}}', '9007199254740993 12345678901234567890'],
  ['{{digits.toInteger}}', '42'],
  ['{{str.toInteger}}', 'failed: not_a_number'],
  ['{{gone.toInteger}}{{blank.toInteger}}', ''],
  ['{{tally.castIntegers}}', '{A=1, B=2, C=3}'],
  ['{{tally.castIntegers.toJson}}', '{"A":1,"B":2,"C":3}'],
  ['{{tally.toJson}}', '{"A":1.0,"B":2.0,"C":3.0}'],
  ['{{arrn.castIntegers}}', '[1,1,2]'],
  ['{{arrn.castIntegers.toJson}}', '[1,1,2]'],
  ['{{tally.sum}} {{tally.sum.toInteger}} {{arrn.sum}}', '6.0 6 4.0'],
  ['{{tally.castIntegers.sum}}', '6'],
  ['{{noTally.sum}}', '0.0'],
  ['{{str.toJson}} {{raw.toJson}}', `"Hello" ${JSON.stringify('say "hi"\n<b>&\'c\'</b>')}`],
  ['{{num.toJson}} {{bln.toJson}} {{dat.toJson}}', '12.0 true "2020-09-15T00:00:00.000Z"'],
  ['{{arrs.toJson}} {{arrn.toJson}} {{holes.toJson}}', '["A","A","B"] [1.0,1.0,2.0] ["A",null,"B"]'],
  ['{{gone.toJson}} {{none.toJson}}', 'null []'],
  ['{{long.toInteger.toJson}}', '9007199254740993'],
  ['{{dat.toTimestamp}} {{dat.toTimestampMs}}', '1600128000 1600128000000'],
  ['{{goneDate.toTimestamp}}', ''],
  ['{{tally.toList.0.key}}', 'A'],
  ['{{str.toList}} {{gone.toList}}', '[Hello] []'],
  ['{{#arrs}}{{toJson}}{{/arrs}}', '"A""A""B"'],
  ['{{#arrs}}{{this.toJson}}{{/arrs}}', '"A""A""B"'],
]

const blocks: Cases = [
  ['{{#encodeBase64}}\n  {{str}} world\n{{/encodeBase64}}', 'ICBIZWxsbyB3b3JsZAo='],
  ['{{#encodeBase64}}{{face}}{{/encodeBase64}}', 'YfCfmIBi'],
  ['{{#encodeUrl}}a b&c=d/é~*-._{{/encodeUrl}}', 'a+b%26c%3Dd%2F%C3%A9%7E*-._'],
  ['{{#escapeHtml}}{{raw}}{{/escapeHtml}}', 'say &quot;hi&quot;\n&lt;b&gt;&amp;&#39;c&#39;&lt;/b&gt;'],
  ['{{#escapeXml}}{{raw}}{{/escapeXml}}', 'say &quot;hi&quot;\n&lt;b&gt;&amp;&apos;c&apos;&lt;/b&gt;'],
  ['"{{#escapeJson}}{{raw}}{{/escapeJson}}"', JSON.stringify('say "hi"\n<b>&\'c\'</b>')],
  ['{{#jsonMinify}}{ "a" : [ 1.0 , "b  \\" c" ] }\n{{/jsonMinify}}', '{"a":[1.0,"b  \\" c"]}'],
  ['{{#jsonMinify}}{ "a" : }{{/jsonMinify}}', '{ "a" : }'],
  ['{{#md5}}{{/md5}}', 'd41d8cd98f00b204e9800998ecf8427e'],
  [
    '{{#sha256}}{{#escapeJson}}{{str}}{{/escapeJson}}{{/sha256}}',
    '185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969',
  ],
  [
    '{{#if str}}a{{/if}}{{#if blank}}b{{/if}}{{#if zero}}c{{/if}}{{#if none}}d{{/if}}{{#if off}}e{{/if}}',
    'a',
  ],
  ['{{#if str gone}}and{{/if}}{{#if str gone logic="or"}}or{{/if}}', 'or'],
  ['{{#if gone else="for {user.name}"}}x{{/if}}', 'for Ann'],
  ['{{#if gone else="for {str}!"}}x{{/if}}', 'for Hello!'],
  ['{{#if items}}rows{{/if}}{{#if empty}}none{{/if}}', 'rows'],
  ['{{#unless gone}}a{{/unless}}{{#unless str}}b{{/unless}}', 'a'],
  ['{{#unless str gone}}or{{/unless}}{{#unless str gone logic="and"}}and{{/unless}}', 'or'],
  ['{{#isEq str "Hello"}}1{{/isEq}}{{#isEq str \'hello\'}}2{{/isEq}}', '1'],
  ['{{#isEq num 12}}1{{/isEq}}{{#isEq num "12"}}2{{/isEq}}{{#isEq bln true}}3{{/isEq}}', '13'],
  ['{{#isEq gone "x"}}1{{/isEq}}{{#isNotEq gone "x"}}2{{/isNotEq}}', ''],
  ['{{#isNotEq str "x"}}1{{/isNotEq}}{{#isNotEq str str}}2{{/isNotEq}}', '1'],
  ['{{#arrs}}{{#isEq this "B"}}found{{/isEq}}{{/arrs}}', 'found'],
  ['{{#with user}}{{name}}{{/with}}{{#with gone}}x{{/with}}', 'Ann'],
]

const inline: Cases = [
  ['{{formatDate dat pattern="EEE, d MMM yyyy HH:mm:ss Z"}}', 'Tue, 15 Sep 2020 00:00:00 +0000'],
  ['{{formatDate dat pattern="yyyy-MM-dd\'T\'HH:mm:ss.SSSX"}}', '2020-09-15T00:00:00.000Z'],
  ['{{formatDate goneDate pattern="yyyy"}}', ''],
  ['{{join arrs}} {{join arrs on=", "}} {{join arrs on=""}}', 'A,A,B A, A, B AAB'],
  ['{{join none}}{{join goneList}}', ''],
  ['{{join arrn on=";"}} {{join arrn.castIntegers on=";"}}', '1.0;1.0;2.0 1;1;2'],
  ['{{join str num arrs on="-"}}', 'Hello-12.0-A-A-B'],
  ['{{join arrs on="}}"}}', 'A}}A}}B'],
  ['{{join arrs on=str}}', 'AHelloAHelloB'],
  ['{{substring str 1 3}} {{substring str 1}} {{substring str -2}} {{substring str 3 99}}', 'el ello lo lo'],
  ['{{substring str 3 1}}{{substring gone 1}}', ''],
  ['{{substring face 0 2}}|{{substring face 2}}', 'a|b'],
  ['{{substringAfter path separator="/"}} {{substringAfterLast path separator="/"}}', 'b/c c'],
  ['{{substringBefore path separator="/"}} {{substringBeforeLast path separator="/"}}', 'a a/b'],
  ['{{substringAfter str separator="x"}}|{{substringBefore str separator="x"}}', '|Hello'],
  ['{{substringBetween path open="/" close="/"}}|{{substringBetween str open="x" close="y"}}', 'b|'],
  ['{{unixTimestamp}} {{unixTimestampMs}}', '1600128000 1600128000000'],
  ['{{unixTimestamp format="yyyy"}} {{unixTimestampMs format="MM"}}', '2020 09'],
  ['{{uuid}} {{uuid}}', '00000000-0000-4000-8000-000000000001 00000000-0000-4000-8000-000000000002'],
  ['{{is bln "yes" "no"}} {{is off "yes" "no"}} {{is off "yes"}}|{{is str num}}', 'yes no |12.0'],
  ['{{hash algorithm="SHA-256" str}}', 'GF+NsyJx/iX1Yab8k4suJkMG7DBO2lGAB9F2SCY4GWk='],
  [
    '{{hash algorithm="MD5" binaryEncoding="hex" binaryEncodingOptions="uppercase" str}}',
    '8B1A9953C4611296A827ABF8C47804D7',
  ],
  [
    '{{hash algorithm="SHA-1" binaryEncoding="hex" joinOn="|" str "a" num.toInteger}}',
    '741353520d1b8083254466bc24ae24a4929e530e',
  ],
  [
    '{{hash algorithm="HmacSHA256" useSecretKey="true" binaryEncoding="hex" "key" str}}',
    'c70b9f4d665bd62974afc83582de810e72a41a58db82c538a9d734c9266d321e',
  ],
  ['{{hash algorithm="HmacSHA256" useSecretKey="true" gone str}}', 'failed: no_key'],
  [
    '{{hash algorithm="MD5" encodingCharset="US-ASCII" binaryEncoding="hex" face}}',
    '0166d849f21a9d699d896ea2a79a375f',
  ],
]

const layout: Cases = [
  ['a{{! a comment }}b', 'ab'],
  ["a{{! don't }} {{str}}", 'a Hello'],
  ['a\n{{! alone }}\nb', 'a\nb'],
  ['a\n  {{#bln}}  \nb\n  {{/bln}}\nc', 'a\nb\nc'],
  ['a\r\n{{#bln}}\r\nb\r\n{{/bln}}\r\nc', 'a\r\nb\r\nc'],
  ['{{#bln}}\nb\n{{/bln}}', 'b\n'],
  ['a\n {{#bln}}{{#bln}} \nb\n{{/bln}}{{/bln}}\nc', 'a\nb\nc'],
  ['a {{#bln}}\nb\n{{/bln}} c', 'a \nb\n c'],
  ['{{#bln}} b {{/bln}}', ' b '],
  ['a\n  {{str}}  \nb', 'a\n  Hello  \nb'],
  ['{{=<% %>=}}<%str%> {{str}} <%={{ }}=%>{{str}}', 'Hello {{str}} Hello'],
  ['{{=%% %%=}}%%str%% {{str}}', 'Hello {{str}}'],
  ['{{= | | =}}|#bln|yes|/bln|', 'yes'],
  ['{{#items}}{{>Line}}{{/items}}', 'pen: 1.5\ncup: 20.0\n'],
  ['{{#items}}\n  {{>Line}}\n{{/items}}', '  pen: 1.5\n  cup: 20.0\n'],
  ['{{>Greeting}}!', 'Hello Ann!'],
  ['a\n  {{>Two lines}}\nb', 'a\n  <\n  1.0\n  1.0\n  2.0\n  >\nb'],
  ['a\n {{! both }} {{>Name}} \nb', 'a\n Annb'],
  ['{{+row}}<{{.}}>{{/row}}{{#arrs}}{{>row}}{{/arrs}}', '<A><A><B>'],
  ['{{__proto__}}{{constructor}}{{tally.__proto__}}{{tally.constructor}}{{arrs.length}}{{str.length}}', ''],
  ['{{#tally}}{{constructor}}{{toString}}{{__proto__}}{{/tally}}', ''],
]

const tables: Readonly<Record<string, Cases>> = {
  variables,
  sections,
  iteration,
  postfixes,
  blocks,
  inline,
  layout,
}

describe.each(Object.entries(tables))('%s', (_, cases) => {
  it.each(cases)('renders %s as %s', (template, result) => {
    expect(render(template)).toBe(result)
  })
})

it('has a table of more than 120 cases', () => {
  expect(Object.values(tables).flat().length).toBeGreaterThan(180)
})

it.each(helperFacts.map(({ name, example }) => [name, example.template, example.result]))(
  'documents %s with an example that is true: %s renders %s',
  (_, template, result) => {
    expect(render(template)).toBe(result)
  },
)

it('explains every helper in docs/templates.md', () => {
  const page = readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8')
  const unexplained = helperFacts.filter(({ example }) => !page.includes(example.template))
  expect(unexplained.map(({ name }) => name)).toEqual([])
})
