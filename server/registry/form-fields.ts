/** A plugin's form as a list of fields: what a page shows of each parameter or setting without reading JSON Schema. */

/** What a field takes: a text, one of some options, a list, a group of named entries, or more than one of these. */
export type FieldType = 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'group' | 'any'

export interface FormField {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly type: FieldType
  readonly isRequired: boolean
  readonly group: string | null
  readonly isOpen: boolean
  readonly isRepeated: boolean
  readonly isSecret: boolean
  readonly hasLiveChoices: boolean
  /** What it can be, where that is known beforehand. */
  readonly options: readonly string[]
  readonly examples: readonly unknown[]
  /** The other fields, and their values, with which it is shown. */
  readonly when: unknown
}

type Schema = Readonly<Record<string, unknown>>

/** `form` is JSON Schema as registry/form.ts makes it. */
export function formFieldsOf(form: Schema): readonly FormField[] {
  const required = new Set(listOf(form['required']))
  return Object.entries(schemaOf(form['properties'])).map(([name, property]) =>
    fieldOf(name, schemaOf(property), required.has(name)),
  )
}

function fieldOf(name: string, schema: Schema, isRequired: boolean): FormField {
  const { group, when } = schema
  const options = optionsOf(schema) ?? []
  return {
    name,
    title: String(schema['title'] ?? name),
    description: String(schema['description'] ?? ''),
    type: options.length > 0 ? 'choice' : typeOf(schema),
    isRequired,
    group: typeof group === 'string' ? group : null,
    isOpen: schema['open'] === true,
    isRepeated: schema['repeated'] === true,
    isSecret: schema['secret'] === true,
    hasLiveChoices: schema['liveChoices'] === true,
    options,
    examples: listOf(schema['examples']),
    when: when ?? null,
  }
}

/** Undefined where it can be anything else too. */
function optionsOf(schema: Schema): readonly string[] | undefined {
  if (schema['const'] !== undefined) return [String(schema['const'])]
  if (Array.isArray(schema['enum'])) return schema['enum'].map(String)
  const alternatives = alternativesOf(schema).map(optionsOf)
  const known = alternatives.filter((options) => options !== undefined)
  return known.length > 0 && known.length === alternatives.length ? known.flat() : undefined
}

function typeOf(schema: Schema): FieldType {
  const found = new Set(typesOf(schema))
  const [only = 'any', ...others] = found
  return others.length === 0 ? only : 'any'
}

function typesOf(schema: Schema): readonly FieldType[] {
  const alternatives = alternativesOf(schema)
  if (alternatives.length > 0) return alternatives.flatMap(typesOf)
  const names = Array.isArray(schema['type']) ? schema['type'] : [schema['type']]
  return names.filter((name) => name !== 'null').map((name) => types.get(name) ?? 'any')
}

const types: ReadonlyMap<unknown, FieldType> = new Map([
  ['string', 'text'],
  ['number', 'number'],
  ['integer', 'number'],
  ['boolean', 'boolean'],
  ['array', 'list'],
  ['object', 'group'],
])

/** That it may be empty says nothing about what it takes. */
function alternativesOf(schema: Schema): readonly Schema[] {
  const all = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].map(schemaOf)
  return all.filter(({ type }) => type !== 'null')
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function schemaOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {}
}
