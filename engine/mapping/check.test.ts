/** Mappings against parameters and columns: each mistake is found, placed and answered with what to do. */
import { attributeTypes, z } from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { checkMappings } from './check.ts'
import { mappingsSchema } from './mapping.ts'

const about = (title: string) => ({ title, description: title })

const parameters = z.object({
  externalId: z.string().meta(about('External ID')),
  email: z.email().optional().meta(about('E-mail')),
  age: z.number().optional().meta(about('Age')),
  isActive: z.boolean().optional().meta(about('Active')),
  seenAt: z.iso.datetime().optional().meta(about('Seen')),
  tags: z.array(z.string()).optional().meta(about('Tags')),
  scores: z.array(z.number()).optional().meta(about('Scores')),
  extra: z.unknown().meta(about('Extra')),
  attributes: z.record(z.string(), z.unknown()).meta({ ...about('Attributes'), open: true }),
  alias: z.object({ name: z.string(), label: z.string() }).optional().meta(about('Alias')),
  events: z
    .array(
      z.object({
        name: z.string(),
        price: z.number().optional(),
        properties: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional()
    .meta({ ...about('Events'), repeated: true }),
})

const columns = attributeTypes.map((type) => ({ name: type, type }))

const to = (parameter: string, attribute: string, key?: string) => ({
  parameter,
  from: { kind: 'attribute', attribute },
  ...(key === undefined ? {} : { key }),
})
const constant = (parameter: string, value: string | number | boolean, key?: string) => ({
  parameter,
  from: { kind: 'constant', value },
  ...(key === undefined ? {} : { key }),
})

function problemsOf(...mappings: readonly unknown[]): readonly (readonly [string, string])[] {
  const all = mappingsSchema.parse([to('externalId', 'string'), ...mappings])
  return checkMappings(all, parameters, columns, ['listId']).map(({ code, path }) => [path, code])
}

const metadata = (parameter: string, field: string) => ({ parameter, from: { kind: 'metadata', field } })
const prepared = (parameter: string, output: string) => ({ parameter, from: { kind: 'prepared', output } })

describe('checkMappings of metadata and prepared outputs', () => {
  it('takes those that can become what the parameter wants', () => {
    expect(
      problemsOf(
        metadata('age', 'version.number'),
        metadata('seenAt', 'time'),
        metadata('tags', 'segment.id'),
        metadata('extra', 'time'),
        prepared('scores', 'listId'),
      ),
    ).toEqual([])
  })

  it.each([
    [metadata('age', 'action.name'), 'type_does_not_fit', 'mappings[1].from.field'],
    [metadata('age', 'time'), 'type_does_not_fit', 'mappings[1].from.field'],
    [metadata('isActive', 'version.number'), 'type_does_not_fit', 'mappings[1].from.field'],
    [metadata('seenAt', 'delivery.id'), 'type_does_not_fit', 'mappings[1].from.field'],
    [prepared('extra', 'audienceId'), 'unknown_output', 'mappings[1].from.output'],
  ])('finds %j', (mapping, code, path) => {
    expect(problemsOf(mapping)).toContainEqual([path, code])
  })

  it('knows no other metadata', () => {
    const { error } = mappingsSchema.safeParse([metadata('extra', 'workspace.name')])
    expect(error?.issues[0]?.message).toContain('segment.name')
  })
})

describe('checkMappings', () => {
  it.each([
    ['a mapping for every parameter', [to('email', 'string'), to('age', 'string'), to('extra', 'date')]],
    ['an open key with dots', [to('attributes', 'number', 'a.b'), to('attributes', 'date', 'a')]],
    ['entries of an object', [to('alias', 'string', 'name'), constant('alias', 'crm', 'label')]],
    [
      'columns of a repeated group',
      [
        constant('events', 'buy', 'name'),
        to('events', 'numberArray', 'price'),
        to('events', 'stringArray', 'properties.a'),
        to('events', 'date', 'properties.b'),
      ],
    ],
    ['a constant that converts', [constant('age', '5'), constant('isActive', 1), constant('tags', 'a')]],
  ])('finds nothing wrong with %s', (_, mappings) => {
    expect(problemsOf(...mappings)).toEqual([])
  })

  it.each([
    ['an unknown parameter', to('emial', 'string'), 'mappings[1].parameter', 'unknown_parameter'],
    ['__proto__ as parameter', to('__proto__', 'string', 'x'), 'mappings[1].parameter', 'unknown_parameter'],
    ['an unknown attribute', to('email', 'strnig'), 'mappings[1].from.attribute', 'unknown_attribute'],
    ['a key on a single value', to('email', 'string', 'x'), 'mappings[1].key', 'key_not_allowed'],
    ['no key for an open group', to('attributes', 'string'), 'mappings[1].key', 'key_required'],
    ['no key for a repeated group', to('events', 'string'), 'mappings[1].key', 'key_required'],
    ['no key for an object', to('alias', 'string'), 'mappings[1].key', 'key_required'],
    ['__proto__ as key', to('attributes', 'string', '__proto__'), 'mappings[1].key', 'key_not_allowed'],
    [
      '__proto__ within a key',
      to('events', 'string', 'properties.__proto__'),
      'mappings[1].key',
      'key_not_allowed',
    ],
    [
      'an empty name within a key',
      to('events', 'string', 'properties.'),
      'mappings[1].key',
      'key_not_allowed',
    ],
    ['an unknown key of an object', to('alias', 'string', 'nmae'), 'mappings[1].key', 'unknown_key'],
    ['an unknown column of a group', to('events', 'string', 'product'), 'mappings[1].key', 'unknown_key'],
    ['a key below a text', to('events', 'string', 'name.first'), 'mappings[1].key', 'unknown_key'],
    ['a parameter mapped twice', to('externalId', 'number'), 'mappings[1]', 'duplicate_mapping'],
    ['a constant that never converts', constant('age', 'old'), 'mappings[1].from.value', 'type_does_not_fit'],
    [
      'a constant that is refused',
      constant('email', 'ann'),
      'mappings[1].from.value',
      'constant_does_not_fit',
    ],
  ])('finds %s', (_, mapping, path, code) => {
    expect(problemsOf(mapping)).toEqual([[path, code]])
  })

  it('finds keys that are taken, also when one lies within the other', () => {
    const found = problemsOf(
      to('attributes', 'string', 'a'),
      to('attributes', 'number', 'a'),
      to('events', 'string', 'properties.a'),
      to('events', 'string', 'properties.a.b'),
      to('events', 'string', 'properties.ab'),
    )
    expect(found).toEqual([
      ['mappings[2]', 'duplicate_mapping'],
      ['mappings[4]', 'duplicate_mapping'],
    ])
  })

  it('finds what is required and not mapped, but asks for no entries of a group that may be empty', () => {
    expect(checkMappings([], parameters, columns)).toMatchInlineSnapshot(`
      [
        {
          "code": "required_parameter_missing",
          "message": "The action needs the parameter "externalId" (External ID). Map an attribute or a constant to it.",
          "path": "mappings",
        },
      ]
    `)
  })

  const fitting: Readonly<Record<string, readonly string[]>> = {
    email: ['string', 'number', 'boolean', 'date'],
    age: ['string', 'number'],
    isActive: ['string', 'number', 'boolean'],
    seenAt: ['string', 'date'],
    tags: [...attributeTypes],
    scores: ['string', 'number', 'stringArray', 'numberArray'],
    extra: [...attributeTypes],
  }
  const pairs = Object.entries(fitting).flatMap(([parameter, types]) =>
    attributeTypes.map((type) => ({ parameter, type, doesFit: types.includes(type) })),
  )
  it.each(pairs)('finds that $type fits $parameter: $doesFit', ({ parameter, type, doesFit }) => {
    const problems = doesFit ? [] : [['mappings[1].from.attribute', 'type_does_not_fit']]
    expect(problemsOf(to(parameter, type))).toEqual(problems)
  })

  it('takes lists apart before it compares types in a repeated group', () => {
    expect(problemsOf(to('events', 'numberArray', 'price'))).toEqual([])
    expect(problemsOf(to('events', 'booleanArray', 'price'))).toEqual([
      ['mappings[1].from.attribute', 'type_does_not_fit'],
    ])
  })

  it('says in words what is wrong and what would be right', () => {
    const mappings = mappingsSchema.parse([
      to('externalID', 'strnig'),
      to('age', 'booleanArray'),
      to('alias', 'string', 'nmae'),
      constant('externalId', 'a'),
    ])
    expect(checkMappings(mappings, parameters, columns).map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "The action has no parameter "externalID". Did you mean "externalId"?",
        "The data source has no column "strnig". Did you mean "string"?",
        ""booleanArray" is a list of true or false and can't become a number, as "age" needs. Map another attribute.",
        ""alias" has no entry "nmae". Did you mean "name"?",
      ]
    `)
  })
})
