/** Templates as origins of values: what they read, where their output goes, and what becomes of one that fails. */
import { type AttributeType, type AttributeValue, z } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { digest } from '../../server/templates/digest.ts'
import type { TemplateSource } from '../templates/template.ts'
import {
  attributesOfTemplate,
  compileActionTemplates,
  type NamedAttribute,
  writesAccessToken,
} from './action-templates.ts'
import { checkMappings } from './check.ts'
import { compileMapping } from './compile.ts'
import { mappingsSchema } from './mapping.ts'

const text = (title: string) => z.string().optional().meta({ title, description: title })
const parameters = z.object({
  body: text('Body'),
  count: z.number().optional().meta({ title: 'Count', description: 'How many.' }),
  attributes: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ title: 'Attributes', description: 'Any.', open: true }),
  events: z
    .array(z.object({ name: z.string().min(1), amount: z.number().nullish(), note: z.unknown().optional() }))
    .optional()
    .meta({ title: 'Events', description: 'Some.', repeated: true }),
})

const columns: readonly { readonly name: string; readonly type: AttributeType }[] = [
  { name: 'email', type: 'string' },
  { name: 'visit count', type: 'number' },
  { name: 'uuid', type: 'string' },
  { name: 'tags', type: 'stringArray' },
  { name: 'total', type: 'number' },
]

const template = (name: string, source: string, format?: 'json'): TemplateSource => ({
  ...{ name, source, kind: 'custom' },
  ...(format === undefined ? {} : { format }),
})

function compiled(templates: readonly TemplateSource[], templateVariables: readonly NamedAttribute[] = []) {
  const result = compileActionTemplates({ templates, templateVariables, columns, deps: { digest } })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.templates
}

const from = (name: string) => ({ kind: 'template', template: name })

/** Maps one row of the columns, which are null unless the row has them. */
function map(
  mappings: readonly object[],
  templates: readonly TemplateSource[],
  row: Readonly<Record<string, AttributeValue>> = {},
  variables: readonly NamedAttribute[] = [],
) {
  const moment = {
    createdAt: Date.UTC(2026, 4, 28, 10),
    uuid: (_rows: unknown, index: number, use: string, count: number) => `${index}/${use}/${count}`,
  }
  const fit = { parameters, templates: compiled(templates, variables) }
  const mapRow = compileMapping(mappingsSchema.parse(mappings), fit, columns)(() => undefined, moment)
  return mapRow(
    columns.map(({ name }) => [row[name] ?? null]),
    0,
  )
}

const payload = (value: object) => ({ ok: true, payload: value })
const problem = (code: string, path: string, place?: object) => ({
  ok: false,
  problems: [expect.objectContaining({ code, path, ...(place === undefined ? {} : { place }) })],
})

describe('the variables of a template', () => {
  it('are the columns that a tag can name, and the names that were given', () => {
    const mappings = [{ parameter: 'body', from: from('T') }]
    const templates = [template('T', '{{email}} {{visits.toInteger}} {{id}}')]
    const variables = [
      { name: 'visits', attribute: 'visit count' },
      { name: 'id', attribute: 'uuid' },
    ]
    const row = { email: 'ann', 'visit count': 3, uuid: 'u-1' }
    expect(map(mappings, templates, row, variables)).toEqual(payload({ body: 'ann 3 u-1' }))
  })

  it('may be several of one attribute, which is read once', () => {
    const templates = [template('T', '{{mail}} {{contact.mail}} {{email}}')]
    const variables = ['mail', 'contact.mail'].map((name) => ({ name, attribute: 'email' }))
    const mappings = [{ parameter: 'body', from: from('T') }]
    expect(map(mappings, templates, { email: 'ann' }, variables)).toEqual(payload({ body: 'ann ann ann' }))
    expect([...new Set(attributesOfTemplate(compiled(templates, variables), 'T'))]).toEqual(['email'])
  })

  it('are read only where the template or what it includes has them', () => {
    const templates = compiled(
      [
        template('T', '{{>Row}}{{#items}}{{tag}}{{/items}}'),
        template('Row', '{{email}}'),
        template('Other', '{{total}}'),
      ],
      [{ name: 'items.tag', attribute: 'tags' }],
    )
    expect(attributesOfTemplate(templates, 'T').toSorted()).toEqual(['email', 'tags'])
    expect(attributesOfTemplate(templates, 'Other')).toEqual(['total'])
    expect(attributesOfTemplate(templates, 'None')).toEqual([])
  })
})

describe('what a template renders', () => {
  it('takes the form that the parameter wants', () => {
    const mappings = [
      { parameter: 'body', from: from('Json') },
      { parameter: 'count', from: from('Count') },
      { parameter: 'attributes', key: 'raw', from: from('Count') },
      { parameter: 'attributes', key: 'parsed', from: from('Json') },
    ]
    const templates = [
      template('Json', '{"refused":{{email.toJson}}}', 'json'),
      template('Count', '{{total.toInteger}}'),
    ]
    expect(map(mappings, templates, { email: 'a"b', total: 7 })).toEqual(
      payload({
        body: '{"refused":"a\\"b"}',
        count: 7,
        attributes: { raw: '7', parsed: { refused: 'a"b' } },
      }),
    )
  })

  it('leaves the parameter out where it is nothing', () => {
    const mappings = [
      { parameter: 'body', from: from('T') },
      { parameter: 'attributes', key: 'a', from: from('T') },
      { parameter: 'events', key: 'name', from: from('T') },
    ]
    expect(map(mappings, [template('T', '{{email}}')])).toEqual(payload({}))
  })

  it('goes along with the lists of a repeated group', () => {
    const mappings = [
      { parameter: 'events', key: 'name', from: { kind: 'attribute', attribute: 'tags' } },
      { parameter: 'events', key: 'note', from: from('T') },
    ]
    expect(map(mappings, [template('T', 'for {{email}}')], { tags: ['a', 'b'], email: 'ann' })).toEqual(
      payload({
        events: [
          { name: 'a', note: 'for ann' },
          { name: 'b', note: 'for ann' },
        ],
      }),
    )
  })

  it('has the time of the delivery, and UUIDs of its own for each place', () => {
    const mappings = [
      { parameter: 'body', from: from('T') },
      { parameter: 'attributes', key: 'a', from: from('T') },
    ]
    expect(map(mappings, [template('T', '{{unixTimestamp}} {{uuid}} {{uuid}}')])).toEqual(
      payload({
        body: '1779962400 0/body/1 0/body/2',
        attributes: { a: '1779962400 0/attributes.a/1 0/attributes.a/2' },
      }),
    )
  })

  it('is a problem of its parameter where it fails, with the place and without the value', () => {
    const mappings = [{ parameter: 'body', from: from('T') }]
    const result = map(mappings, [template('T', '\n{"a": {{email}}}', 'json')], { email: 'canary' })
    expect(result).toEqual(problem('not_json', 'body', { template: 'T', line: 2, column: 7 }))
    expect(JSON.stringify(result)).not.toContain('canary')
    const inEvents = [{ parameter: 'events', key: 'name', from: from('T') }]
    const failing = [template('T', '{{email.toInteger}}{{tags}}')]
    expect(map(inEvents, failing, { email: 'canary' })).toEqual(
      problem('not_a_number', 'events.name', { template: 'T', line: 1, column: 9 }),
    )
  })
})

describe('the access token', () => {
  const mapped = (templates: readonly TemplateSource[], tokenSign: string | undefined) => {
    const fit = { parameters, templates: compiled(templates) }
    const mappings = mappingsSchema.parse([
      { parameter: 'body', from: from('T') },
      { parameter: 'attributes', from: from('J') },
    ])
    const moment = { createdAt: 0, uuid: () => '', tokenSign }
    return compileMapping(mappings, fit, columns)(() => undefined, moment)([['ann'], [], [], [], []], 0)
  }
  const templates = [
    template('T', '{{email}} {{webhook_access_token}}'),
    template('J', '{"key": "{{webhook_access_token}}"}', 'json'),
  ]

  it('is the sign of the delivery, in texts and in JSON', () => {
    expect(mapped(templates, 'SIGN')).toEqual(payload({ body: 'ann SIGN', attributes: { key: 'SIGN' } }))
  })

  it('is nothing where nothing is sent', () => {
    expect(mapped(templates, undefined)).toEqual(payload({ body: 'ann ', attributes: { key: '' } }))
  })

  it('is no attribute, and is known to be written, by an include too', () => {
    const set = compiled([...templates, template('Outer', '{{>T}}'), template('Plain', '{{email}}')])
    expect(attributesOfTemplate(set, 'T')).toEqual(['email'])
    const writing = ['T', 'J', 'Outer', 'Plain'].map((name) => writesAccessToken(set, name))
    expect(writing).toEqual([true, true, true, false])
  })
})

describe('a JSON template for a whole group', () => {
  const mappings = [
    { parameter: 'events', key: 'name', from: { kind: 'constant', value: 'never' } },
    { parameter: 'events', from: from('T') },
  ]
  const render = (source: string, row: Readonly<Record<string, AttributeValue>> = {}) =>
    map(mappings, [template('T', source, 'json')], row)

  it('overrides the mappings of the group', () => {
    const source = '[{{#tags}}{"name":{{.toJson}}}{{#iter.hasNext}},{{/iter.hasNext}}{{/tags}}]'
    expect(render(source, { tags: ['a', 'b'] })).toEqual(payload({ events: [{ name: 'a' }, { name: 'b' }] }))
    expect(render('{"name":"one"}')).toEqual(payload({ events: [{ name: 'one' }] }))
    expect(render('null')).toEqual(payload({}))
    expect(render(' {{#if email}}[]{{/if}}\n')).toEqual(payload({}))
  })

  it('is judged by the schema of the parameter', () => {
    expect(render('[{"name":"a"},{"name":""}]')).toEqual(problem('invalid_too_small', 'events.1.name'))
    expect(render('[{"name":"a","amount":"1"}]')).toEqual(problem('invalid_invalid_type', 'events.0.amount'))
    expect(render('[1]')).toEqual(problem('not_an_object', 'events'))
    expect(render('{"__proto__":{}}')).toEqual(problem('not_an_object', 'events'))
  })

  it('fills an open group with an object alone', () => {
    const fill = (source: string) =>
      map([{ parameter: 'attributes', from: from('T') }], [template('T', source, 'json')])
    expect(fill('{"a":[1]}')).toEqual(payload({ attributes: { a: [1] } }))
    expect(fill('["a"]')).toEqual(problem('not_an_object', 'attributes'))
  })

  it('refuses what would lose its meaning', () => {
    const attributes = [{ parameter: 'attributes', from: from('T') }]
    const fill = (source: string) => map(attributes, [template('T', source, 'json')])
    expect(fill('{"a":9007199254740993}')).toEqual(problem('number_too_large', 'attributes'))
    expect(fill('{"a":"9007199254740993","b":1234567.12345678901234}')).toMatchObject({ ok: true })
    expect(fill('{"a":"\\ud83d"}')).toEqual(problem('broken_text', 'attributes'))
    expect(fill('{"a":"\\ud83d\\ude00 \\\\ud83d"}')).toEqual(payload({ attributes: { a: '😀 \\ud83d' } }))
  })
})

describe('mappings from templates', () => {
  const check = (mappings: readonly object[]) =>
    checkMappings(
      mappingsSchema.parse(mappings),
      parameters,
      columns,
      [],
      [{ name: 'Text' }, { name: 'Json', format: 'json' }],
    ).map(({ code, path }) => [code, path])

  it('name a template of the action, JSON for a whole group', () => {
    expect(check([{ parameter: 'body', from: from('Txt') }])).toEqual([
      ['unknown_template', 'mappings[0].from.template'],
    ])
    expect(check([{ parameter: 'events', from: from('Text') }])).toEqual([
      ['template_not_json', 'mappings[0].from.template'],
    ])
    expect(check([{ parameter: 'events', key: 'note', from: from('Json') }])).toEqual([
      ['key_not_allowed', 'mappings[0].from.template'],
    ])
    expect(
      check([
        { parameter: 'events', from: from('Json') },
        { parameter: 'events', key: 'name', from: from('Text') },
        { parameter: 'body', from: from('Json') },
      ]),
    ).toEqual([])
  })

  it('fill a group as a whole once', () => {
    const whole = { parameter: 'attributes', from: from('Json') }
    expect(check([whole, whole])).toEqual([['duplicate_mapping', 'mappings[1]']])
  })
})
