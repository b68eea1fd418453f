/** What differs between two configurations, in GraphQL. */
import { builder } from '../graphql/builder.ts'
import { encodeGlobalId } from '../graphql/global-id.ts'
import type { EntityChange } from './changes-between.ts'
import type { UnpublishedChange } from './compare.ts'
import type { FieldChange } from './field-changes.ts'
import { type DocumentKind, entityOfKind } from './rules.ts'
import { shownValue } from './shown-value.ts'

export const DocumentKindRef = builder.enumType('DocumentKind', {
  description: 'What a document of a version is about.',
  values: {
    CONNECTION: {
      value: 'connection',
      description: 'A connection of data sources, without its secrets.',
    },
    SOURCE: { value: 'source', description: 'A data source.' },
    SEGMENT: { value: 'segment', description: 'A segment.' },
    CONNECTOR: { value: 'connector', description: 'A connector, without its secrets.' },
    ACTION: { value: 'action', description: 'An action.' },
  } as const satisfies Record<string, { readonly value: DocumentKind; readonly description: string }>,
})

export const EntityChangeKindRef = builder.enumType('EntityChangeKind', {
  description: 'How an entity differs.',
  values: {
    CREATED: { description: 'It is new.' },
    UPDATED: { description: 'Some of its fields differ.' },
    DELETED: { description: 'It is not there any more.' },
  } as const satisfies Record<EntityChange['change'], { readonly description: string }>,
})

const FieldChangeKindRef = builder.enumType('FieldChangeKind', {
  description: 'How a field differs.',
  values: {
    ADDED: { description: 'It is new.' },
    REMOVED: { description: 'It is not there any more.' },
    UPDATED: { description: 'It has another value.' },
  } as const satisfies Record<FieldChange['change'], { readonly description: string }>,
})

export const FieldChangeRef = builder.objectRef<FieldChange>('FieldChange').implement({
  description: 'A field that differs. Secrets are no part of what is compared.',
  fields: (t) => ({
    path: t.stringList({
      description:
        'Where in the entity, outermost first. Mappings are named by their parameter, templates, variables and columns by their name, other elements of lists by their place.',
      resolve: ({ path }) => [...path],
    }),
    change: t.expose('change', { type: FieldChangeKindRef, description: 'How it differs.' }),
    before: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Its value before; null where it was added.',
      resolve: ({ path, before }) => shownValue(path, before) ?? null,
    }),
    after: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Its value after; null where it was removed.',
      resolve: ({ path, after }) => shownValue(path, after) ?? null,
    }),
  }),
})

const EntityChangeInterface = builder.interfaceRef<EntityChange>('EntityDifference').implement({
  description: 'An entity that differs between two configurations.',
  fields: (t) => ({
    kind: t.field({ type: DocumentKindRef, description: 'What it is.', resolve: ({ kind }) => kind }),
    entityId: t.id({
      description: 'The entity. One that was deleted may still be read.',
      resolve: ({ kind, id }) => encodeGlobalId(entityOfKind[kind], id),
    }),
    name: t.exposeString('name', { description: 'Its name; of one that was deleted, the last one.' }),
    change: t.expose('change', { type: EntityChangeKindRef, description: 'How it differs.' }),
    fields: t.field({
      type: [FieldChangeRef],
      description: 'Its fields that differ; of one that was created or deleted, all of them.',
      resolve: ({ fields }) => fields,
    }),
  }),
})

const EntityChangeRef = builder.objectRef<EntityChange>('EntityChange').implement({
  description: 'What became of an entity between two configurations.',
  interfaces: [EntityChangeInterface],
})

export const ComparisonRef = builder
  .objectRef<{ readonly changes: readonly EntityChange[] }>('Comparison')
  .implement({
    description: 'What differs between two configurations.',
    fields: (t) => ({
      changes: t.field({
        type: [EntityChangeRef],
        description: 'The entities that differ, by kind and name.',
        resolve: ({ changes }) => changes,
      }),
    }),
  })

export const UnpublishedChangeRef = builder.objectRef<UnpublishedChange>('UnpublishedChange').implement({
  description: 'What the next publish would change of an entity.',
  interfaces: [EntityChangeInterface],
  fields: (t) => ({
    changedAt: t.expose('changedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last edited; null where that is no longer known.',
    }),
    changedBy: t.exposeString('changedBy', {
      nullable: true,
      description: 'Who edited it last, by name; null where that is no longer known.',
    }),
  }),
})
