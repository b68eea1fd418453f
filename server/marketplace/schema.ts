/** The marketplace in GraphQL: the installed connector and source types, and the plugins that cannot be used. */
import { resolveOffsetConnection } from '@pothos/plugin-relay'
import { dataKinds } from '@sluice/connector-sdk'
import { z } from 'zod'
import { builder } from '../graphql/builder.ts'
import { type CountedValue, findEntries, type MarketplaceOrder } from './entries.ts'
import {
  ConnectorTypeRef,
  DataKindRef,
  MarketplaceEntryRef,
  SourceTypeRef,
  UnavailablePluginRef,
} from './types.ts'

/** No name or title is longer. */
const mostLetters = 200
const mostCategories = 100
const usualPage = 20
const mostEntries = 100

const MarketplaceOrderRef = builder.enumType('MarketplaceOrder', {
  description: 'How the marketplace is sorted.',
  values: {
    RELEVANCE: { value: 'relevance', description: 'What fits the search best first; without one by name.' },
    NAME_ASCENDING: { value: 'ascending', description: 'By name, from A to Z.' },
    NAME_DESCENDING: { value: 'descending', description: 'By name, from Z to A.' },
  } as const satisfies Record<string, { readonly value: MarketplaceOrder; readonly description: string }>,
})

const MarketplaceFilterInput = builder
  .inputType('MarketplaceFilterInput', {
    description: 'Which entries are wanted: those that meet all of this.',
    fields: (t) => ({
      search: t.string({
        description:
          'Words of names, vendors, categories and titles of actions, or their beginnings. Where nothing has them as they are typed, a slip in each is forgiven.',
      }),
      dataKinds: t.field({ type: [DataKindRef], description: 'What it takes: one of these.' }),
      categories: t.stringList({
        description: `What it is for: one of these, at most ${mostCategories}.`,
      }),
      isAvailable: t.boolean({ description: 'Whether it can be used.' }),
    }),
  })
  .validate(
    z.object({
      search: z.string().max(mostLetters).nullish(),
      dataKinds: z.array(z.enum(dataKinds)).max(dataKinds.length).nullish(),
      categories: z.array(z.string().max(mostLetters)).max(mostCategories).nullish(),
      isAvailable: z.boolean().nullish(),
    }),
  )

const CategoryCountRef = builder.objectRef<CountedValue<string>>('CategoryCount').implement({
  description: 'A category, for a filter menu.',
  fields: (t) => ({
    category: t.exposeString('value', { description: 'The category.' }),
    count: t.exposeInt('count', { description: 'How many entries have it.' }),
  }),
})

const DataKindCountRef = builder
  .objectRef<CountedValue<(typeof dataKinds)[number]>>('DataKindCount')
  .implement({
    description: 'A data kind, for a filter menu.',
    fields: (t) => ({
      dataKind: t.expose('value', { type: DataKindRef, description: 'The data kind.' }),
      count: t.exposeInt('count', { description: 'How many entries take it.' }),
    }),
  })

const locale = z
  .string()
  .max(50)
  .refine(isLocale, {
    error: 'Use a language tag, for example "en" or "sv-SE".',
    params: { code: 'unknown_locale' },
  })

builder.queryFields((t) => ({
  marketplace: t.connection(
    {
      type: MarketplaceEntryRef,
      description:
        'The connector types, and the packages that cannot be used: searched, filtered, sorted, page by page.',
      args: {
        filter: t.arg({ type: MarketplaceFilterInput, description: 'Which ones; default: all.' }),
        orderBy: t.arg({
          type: MarketplaceOrderRef,
          required: true,
          defaultValue: 'relevance',
          description: 'How they are sorted.',
        }),
        locale: t.arg
          .string({
            required: true,
            defaultValue: 'en',
            description: 'The language by whose rules names are sorted.',
          })
          .validate(locale),
      },
      resolve: async (_root, { filter, locale, orderBy, ...page }, { deps }) => {
        const collator = new Intl.Collator(locale, { sensitivity: 'base', numeric: true })
        const { entries, ...menus } = findEntries(deps.registry, filter ?? {}, orderBy, collator)
        const totalCount = entries.length
        const options = { args: page, totalCount, defaultSize: usualPage, maxSize: mostEntries }
        const found = await resolveOffsetConnection(options, ({ limit, offset }) =>
          entries.slice(offset, offset + limit),
        )
        return { ...found, ...menus }
      },
    },
    {
      name: 'MarketplaceConnection',
      description: 'A page of the marketplace, with what a filter menu offers.',
      fields: (connection) => ({
        totalCount: connection.exposeInt('totalCount', { description: 'How many entries there are.' }),
        categories: connection.expose('categories', {
          type: [CategoryCountRef],
          description: 'The categories of what meets all but the filter by categories, by name.',
        }),
        dataKinds: connection.expose('dataKinds', {
          type: [DataKindCountRef],
          description: 'The data kinds of what meets all but the filter by data kinds.',
        }),
      }),
    },
    { name: 'MarketplaceEdge', description: 'An entry of the marketplace.' },
  ),
  connectorTypes: t.field({
    type: [ConnectorTypeRef],
    description: 'The vendors that can be delivered to.',
    resolve: (_root, _args, { deps }) => deps.registry.connectors(),
  }),
  connectorType: t.field({
    type: ConnectorTypeRef,
    nullable: true,
    description: 'A vendor by its name in configuration; null when no package that can be used has it.',
    args: {
      id: t.arg
        .string({ required: true, description: 'For example `braze`.' })
        .validate(z.string().max(mostLetters)),
    },
    resolve: (_root, { id }, { deps }) => deps.registry.connector(id) ?? null,
  }),
  sourceTypes: t.field({
    type: [SourceTypeRef],
    description: 'The databases and files that can be read from.',
    resolve: (_root, _args, { deps }) => deps.registry.sources(),
  }),
  sourceType: t.field({
    type: SourceTypeRef,
    nullable: true,
    description:
      'A kind of data source by its name in configuration; null when no package that can be used has it.',
    args: {
      id: t.arg
        .string({ required: true, description: 'For example `duckdb`.' })
        .validate(z.string().max(mostLetters)),
    },
    resolve: (_root, { id }, { deps }) => deps.registry.source(id) ?? null,
  }),
  unavailablePlugins: t.field({
    type: [UnavailablePluginRef],
    description: 'The installed plugins that cannot be used, and why. They stop nothing else.',
    resolve: (_root, _args, { deps }) => deps.registry.unavailable(),
  }),
}))

function isLocale(text: string): boolean {
  try {
    return Intl.Collator.supportedLocalesOf(text).length > 0
  } catch {
    // Not the form of a language tag.
    return false
  }
}
