/** PUT and DELETE /catalogs/{name}/items: items are checked at once and written later, all of them or none. */
import { type CatalogProblem, problemOfIds, problemOfItems } from './catalog-problems.ts'
import type { Catalogs } from './catalogs.ts'
import type { JsonObject } from './json-object.ts'
import type { Outcome } from './outcome.ts'

/** Makes items, and replaces those that are there. */
export function createPutCatalogItems(catalogs: Catalogs) {
  return ({ items }: JsonObject, name: string): Outcome => {
    const fields = catalogs.fieldsOf(name)
    if (fields === undefined) return noCatalog(name)
    const problem = problemOfItems(items, fields)
    if (problem !== undefined) return refusal(400, problem)
    return queued(() => {
      for (const item of items as readonly JsonObject[]) catalogs.put(name, item)
    })
  }
}

/** Deletes items; one that is not there is no error. */
export function createDeleteCatalogItems(catalogs: Catalogs) {
  return ({ items }: JsonObject, name: string): Outcome => {
    if (catalogs.fieldsOf(name) === undefined) return noCatalog(name)
    const problem = problemOfIds(items)
    if (problem !== undefined) return refusal(400, problem)
    return queued(() => {
      for (const { id } of items as readonly JsonObject[]) catalogs.remove(name, String(id))
    })
  }
}

function queued(store: () => void): Outcome {
  return { status: 202, body: { message: 'success' }, objects: 0, store }
}

function noCatalog(name: string): Outcome {
  const message = 'Could not find catalog'
  return refusal(404, { id: 'catalog-not-found', message, values: [name] }, 'catalog_name')
}

function refusal(status: number, { id, message, values }: CatalogProblem, parameter = 'id'): Outcome {
  const about = values === undefined ? {} : { parameters: [parameter], parameter_values: values }
  return {
    status,
    body: { errors: [{ id, message, ...about }], message: 'Invalid Request' },
    objects: 0,
  }
}
