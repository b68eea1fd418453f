/** The GraphQL types of what an editor of templates shows: pieces, names, problems, completions, helpers. */
import type { RecordVariable } from '../../engine/mapping/action-templates.ts'
import type { Completion } from '../../engine/templates/complete.ts'
import type { HelperFact, OptionFact, ParameterFact } from '../../engine/templates/helper-fact.ts'
import { signatureOf } from '../../engine/templates/helpers.ts'
import type { Place, TemplateProblem } from '../../engine/templates/problem.ts'
import type { Token, TokenKind } from '../../engine/templates/tokens.ts'
import { builder } from '../graphql/builder.ts'
import { AttributeTypeRef } from '../sources/types.ts'

type Described<Value extends string> = Record<string, { readonly value: Value; readonly description: string }>

const TokenKindRef = builder.enumType('TemplateTokenKind', {
  description: 'What a piece of a template is, for its colour.',
  values: {
    DELIMITER: { value: 'delimiter', description: 'The brackets of a tag, or a tag that sets others.' },
    COMMENT: { value: 'comment', description: 'A comment.' },
    HELPER: { value: 'helper', description: 'The name of a helper.' },
    VARIABLE: { value: 'variable', description: 'A variable, or another name that is known there.' },
    POSTFIX: { value: 'postfix', description: 'Helpers behind a value.' },
    OPTION: { value: 'option', description: 'The name of an option of a helper.' },
    STRING: { value: 'string', description: 'A text in quotes.' },
    NUMBER: { value: 'number', description: 'A number.' },
    BOOLEAN: { value: 'boolean', description: 'True or false.' },
    TEMPLATE: { value: 'template', description: 'The name of a template.' },
  } as const satisfies Described<TokenKind>,
})

export const TokenRef = builder.objectRef<Token>('TemplateToken').implement({
  description: 'A piece of a template. What is in none is text.',
  fields: (t) => ({
    kind: t.field({ type: TokenKindRef, description: 'What it is.', resolve: ({ kind }) => kind }),
    start: t.exposeInt('start', { description: 'Where it begins, in UTF-16 code units from 0.' }),
    end: t.exposeInt('end', { description: 'Where it ends: before this place.' }),
  }),
})

export const NameUseRef = builder.objectRef<Place & { readonly name: string }>('TemplateNameUse').implement({
  description: 'A place where a template names a variable, or a name of the section around it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name.' }),
    line: t.exposeInt('line', { description: 'The line, from 1.' }),
    column: t.exposeInt('column', { description: 'The column, from 1.' }),
  }),
})

const SeverityRef = builder.enumType('TemplateProblemSeverity', {
  description: 'How bad a problem of a template is.',
  values: {
    ERROR: { value: 'error', description: 'It cannot be saved.' },
    WARNING: { value: 'warning', description: 'It can be saved, and is probably not what is meant.' },
  } as const satisfies Described<TemplateProblem['severity']>,
})

export const TemplateProblemRef = builder.objectRef<TemplateProblem>('TemplateProblem').implement({
  description: 'One thing that is wrong with a template.',
  fields: (t) => ({
    severity: t.field({
      type: SeverityRef,
      description: 'How bad it is.',
      resolve: ({ severity }) => severity,
    }),
    code: t.exposeString('code', { description: 'Stable, for programs; all are listed in docs/errors.md.' }),
    message: t.exposeString('message', { description: 'For people: what is wrong and what to do.' }),
    line: t.exposeInt('line', { description: 'The line, from 1.' }),
    column: t.exposeInt('column', { description: 'The column, from 1, in UTF-16 code units.' }),
  }),
})

const CompletionKindRef = builder.enumType('TemplateCompletionKind', {
  description: 'What a completion is.',
  values: {
    VARIABLE: { value: 'variable', description: 'A variable, or a name of the section around the place.' },
    HELPER: { value: 'helper', description: 'A helper.' },
    PART: { value: 'part', description: 'A part of a value, or a helper behind it.' },
    OPTION: { value: 'option', description: 'An option of the helper.' },
    VALUE: { value: 'value', description: 'A value that the option may have.' },
    TEMPLATE: { value: 'template', description: 'Another template.' },
    SECTION: { value: 'section', description: 'A section that is open.' },
  } as const satisfies Described<Completion['kind']>,
})

export const CompletionRef = builder.objectRef<Completion>('TemplateCompletion').implement({
  description: 'What may be written at a place in a template.',
  fields: (t) => ({
    text: t.exposeString('text', {
      description: 'The text; it replaces what stands between `start` and the place.',
    }),
    start: t.exposeInt('start', { description: 'Where it begins, in UTF-16 code units from 0.' }),
    kind: t.field({ type: CompletionKindRef, description: 'What it is.', resolve: ({ kind }) => kind }),
    detail: t.exposeString('detail', { description: 'A signature or a type, to be shown beside it.' }),
  }),
})

export const RecordVariableRef = builder.objectRef<RecordVariable>('TemplateRecordVariable').implement({
  description: 'A variable that templates of an action can name.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    attribute: t.exposeString('attribute', { description: 'The column that it has the value of.' }),
    type: t.field({
      type: AttributeTypeRef,
      description: 'The kind of its values.',
      resolve: ({ type }) => type,
    }),
  }),
})

const UsageRef = builder.enumType('TemplateHelperUsage', {
  description: 'How a helper is written.',
  values: {
    INLINE: { value: 'inline', description: 'By itself: {{name …}}.' },
    BLOCK: { value: 'block', description: 'Around a content: {{#name …}}…{{/name}}.' },
    POSTFIX: { value: 'postfix', description: 'Behind a value: {{value.name}}.' },
  } as const satisfies Described<HelperFact['usage']>,
})

const ParameterRef = builder.objectRef<ParameterFact>('TemplateHelperParameter').implement({
  description: 'What a helper takes, in its place.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called in the signature.' }),
    description: t.exposeString('description', { description: 'What it is.' }),
    isRequired: t.exposeBoolean('isRequired', { description: 'Whether the helper cannot do without.' }),
    isRepeated: t.boolean({
      description: 'Whether it takes all values that follow.',
      resolve: ({ isRepeated }) => isRepeated === true,
    }),
  }),
})

const OptionRef = builder.objectRef<OptionFact>('TemplateHelperOption').implement({
  description: 'An option of a helper, written name="value".',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    description: t.exposeString('description', { description: 'What it does.' }),
    isRequired: t.boolean({
      description: 'Whether the helper cannot do without.',
      resolve: ({ isRequired }) => isRequired === true,
    }),
    values: t.stringList({
      nullable: true,
      description: 'The only values that it may have; null where any will do.',
      resolve: ({ values }) => (values === undefined ? null : [...values]),
    }),
    default: t.string({
      nullable: true,
      description: 'What it is where it is left out.',
      resolve: ({ default: usual }) => usual ?? null,
    }),
  }),
})

export const HelperRef = builder.objectRef<HelperFact>('TemplateHelper').implement({
  description: 'A helper of templates.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    usage: t.field({ type: UsageRef, description: 'How it is written.', resolve: ({ usage }) => usage }),
    signature: t.string({ description: 'How it is written, with all that it takes.', resolve: signatureOf }),
    description: t.exposeString('description', { description: 'What it does.' }),
    on: t.string({
      nullable: true,
      description: 'What it works on, in words, where it stands behind a value.',
      resolve: (fact) => (fact.usage === 'postfix' ? fact.on : null),
    }),
    parameters: t.field({
      type: [ParameterRef],
      description: 'What it takes, in this order.',
      resolve: (fact) => (fact.usage === 'postfix' ? [] : fact.parameters),
    }),
    options: t.field({
      type: [OptionRef],
      description: 'Its options, in any order.',
      resolve: (fact) => (fact.usage === 'postfix' ? [] : fact.options),
    }),
    example: t.string({
      description: 'A template that uses it.',
      resolve: ({ example }) => example.template,
    }),
    exampleResult: t.string({
      description: 'What the example renders for the record of the guide.',
      resolve: ({ example }) => example.result,
    }),
  }),
})
