/** What stands in the marketplace: connector types that can be used, and packages that cannot. Found, filtered, counted. */
import type { DataKind } from '@sluice/connector-sdk'
import type { InstalledConnector, Registry, UnavailablePlugin } from '../registry/registry.ts'
import { search } from './search.ts'

export type MarketplaceEntry = InstalledConnector | UnavailablePlugin

export interface MarketplaceFilter {
  readonly search?: string | null | undefined
  /** Any of them. */
  readonly dataKinds?: readonly DataKind[] | null | undefined
  /** Any of them. */
  readonly categories?: readonly string[] | null | undefined
  readonly isAvailable?: boolean | null | undefined
}

/** `relevance`: as well as they fit the search; without one by name. */
export type MarketplaceOrder = 'relevance' | 'ascending' | 'descending'

export interface CountedValue<Value> {
  readonly value: Value
  readonly count: number
}

export interface FoundEntries {
  readonly entries: readonly MarketplaceEntry[]
  /** What a filter menu offers: how many there are of each, whichever others of its own kind are chosen. */
  readonly categories: readonly CountedValue<string>[]
  readonly dataKinds: readonly CountedValue<DataKind>[]
}

export function isInstalled(entry: MarketplaceEntry): entry is InstalledConnector {
  return 'definition' in entry
}

export const nameOf = (entry: MarketplaceEntry) =>
  isInstalled(entry) ? entry.definition.name : entry.packageName

export function dataKindsOf(entry: MarketplaceEntry): readonly DataKind[] {
  return isInstalled(entry) ? (entry.definition.dataKinds ?? ['records']) : []
}

/** `collator` says how names are sorted. */
export function findEntries(
  registry: Registry,
  filter: MarketplaceFilter,
  order: MarketplaceOrder,
  collator: Intl.Collator,
): FoundEntries {
  const byName = sorted(allOf(registry), collator)
  const fits = (except?: keyof MarketplaceFilter) => (entry: MarketplaceEntry) =>
    meets(entry, except === undefined ? filter : { ...filter, [except]: null })
  const found = search(byName, filter.search ?? '', textsOf)
  const entries = found.filter(fits())
  return {
    entries: inOrder(entries, order, collator),
    categories: counted(found.filter(fits('categories')), categoriesOf).toSorted((a, b) =>
      collator.compare(a.value, b.value),
    ),
    dataKinds: counted(found.filter(fits('dataKinds')), dataKindsOf),
  }
}

/** A package of which nobody knows what it is may well be a connector. */
function allOf(registry: Registry): readonly MarketplaceEntry[] {
  return [...registry.connectors(), ...registry.unavailable().filter(({ role }) => role !== 'source')]
}

function inOrder(
  entries: readonly MarketplaceEntry[],
  order: MarketplaceOrder,
  collator: Intl.Collator,
): readonly MarketplaceEntry[] {
  switch (order) {
    case 'ascending':
      return sorted(entries, collator)
    case 'descending':
      return sorted(entries, collator).toReversed()
    case 'relevance':
      return entries
  }
}

/** Two of one name stand by their packages. */
function sorted(entries: readonly MarketplaceEntry[], collator: Intl.Collator): readonly MarketplaceEntry[] {
  return entries.toSorted(
    (a, b) => collator.compare(nameOf(a), nameOf(b)) || collator.compare(a.packageName, b.packageName),
  )
}

function meets(entry: MarketplaceEntry, { categories, dataKinds, isAvailable }: MarketplaceFilter): boolean {
  const hasOneOf = <Value>(wanted: readonly Value[] | null | undefined, has: readonly Value[]) =>
    !wanted || wanted.some((value) => has.includes(value))
  return (
    hasOneOf(categories, categoriesOf(entry)) &&
    hasOneOf(dataKinds, dataKindsOf(entry)) &&
    (typeof isAvailable !== 'boolean' || isInstalled(entry) === isAvailable)
  )
}

function categoriesOf(entry: MarketplaceEntry): readonly string[] {
  return isInstalled(entry) ? entry.definition.categories : []
}

/** The most telling first. */
function textsOf(entry: MarketplaceEntry): readonly string[] {
  if (!isInstalled(entry)) return [entry.packageName]
  const { actions, categories, id, name, vendor } = entry.definition
  const titles = Object.values(actions).map(({ title }) => title)
  return [name, `${id} ${vendor}`, categories.join(' '), titles.join(' ')]
}

function counted<Value>(
  entries: readonly MarketplaceEntry[],
  valuesOf: (entry: MarketplaceEntry) => readonly Value[],
): readonly CountedValue<Value>[] {
  const counts = new Map<Value, number>()
  for (const value of entries.flatMap((entry) => [...new Set(valuesOf(entry))])) {
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts].map(([value, count]) => ({ value, count }))
}
