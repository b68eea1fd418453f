/** The catalogs of the simulated workspace, with their items. */
import type { JsonObject } from './json-object.ts'

export interface Catalogs {
  /** The names of a catalog's fields; undefined when there is no such catalog. */
  fieldsOf(name: string): readonly string[] | undefined
  /** The items of a catalog by id, `id` included. */
  itemsOf(name: string): ReadonlyMap<string, JsonObject>
  put(name: string, item: JsonObject): void
  remove(name: string, id: string): void
}

export function createCatalogs(fieldsByName: Readonly<Record<string, readonly string[]>>): Catalogs {
  const items = new Map(Object.keys(fieldsByName).map((name) => [name, new Map<string, JsonObject>()]))
  return {
    fieldsOf: (name) => (Object.hasOwn(fieldsByName, name) ? fieldsByName[name] : undefined),
    itemsOf: (name) => items.get(name) ?? new Map(),
    put(name, item) {
      items.get(name)?.set(String(item['id']), item)
    },
    remove(name, id) {
      items.get(name)?.delete(id)
    },
  }
}
