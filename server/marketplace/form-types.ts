/** The forms of plugins in GraphQL: settings and parameters as a list of fields. */
import { builder } from '../graphql/builder.ts'
import type { FieldType, FormField } from '../registry/form-fields.ts'
import { asJsonArray } from '../workspaces/json.ts'

const FieldTypeRef = builder.enumType('FormFieldType', {
  description: 'What a field of a form takes.',
  values: {
    TEXT: { value: 'text', description: 'A text.' },
    NUMBER: { value: 'number', description: 'A number.' },
    BOOLEAN: { value: 'boolean', description: 'True or false.' },
    CHOICE: { value: 'choice', description: 'One of its `options`.' },
    LIST: { value: 'list', description: 'Several values.' },
    GROUP: { value: 'group', description: 'Named entries.' },
    ANY: { value: 'any', description: 'More than one of these.' },
  } as const satisfies Record<string, { readonly value: FieldType; readonly description: string }>,
})

export const FormFieldRef = builder.objectRef<FormField>('FormField').implement({
  description:
    'A field of a form: a setting of a connector, or a parameter of an action. What fields must be together stands in the JSON Schema of the form.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name in configuration.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    type: t.expose('type', { type: FieldTypeRef, description: 'What it takes.' }),
    isRequired: t.exposeBoolean('isRequired', { description: 'Whether it must be given.' }),
    group: t.exposeString('group', {
      nullable: true,
      description: 'Fields of one group are shown together.',
    }),
    isOpen: t.exposeBoolean('isOpen', {
      description: 'Whether it takes entries of any name: a mapping names the entry with `key`.',
    }),
    isRepeated: t.exposeBoolean('isRepeated', {
      description: 'Whether arrays that are mapped to it are zipped into one list of entries.',
    }),
    isSecret: t.exposeBoolean('isSecret', { description: 'Whether it goes in and never comes out.' }),
    hasLiveChoices: t.exposeBoolean('hasLiveChoices', {
      description: 'Whether the vendor can be asked what it can be: `Connector.parameterChoices`.',
    }),
    options: t.exposeStringList('options', {
      description: 'What it can be, where that is known beforehand.',
    }),
    examples: t.field({
      type: 'JSON',
      description: 'What it may look like: a list of values.',
      resolve: ({ examples }) => asJsonArray(examples),
    }),
    when: t.expose('when', {
      type: 'JSON',
      nullable: true,
      description:
        'With which values of other fields it is shown, for example { "way": ["user"] }; null: always.',
    }),
  }),
})
