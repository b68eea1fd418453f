/** Why Braze refuses the items of a request, all of them for one. */
import { isJsonObject, type JsonObject } from './json-object.ts'

export interface CatalogProblem {
  readonly id: string
  readonly message: string
  /** Ids of the items at fault, or names of their fields. */
  readonly values?: readonly unknown[]
}

const maxItems = 50
const maxIdLength = 250
const maxCharacters = 5000
const maxDepth = 50

/** Of items by themselves, as a deletion has them. */
export function problemOfIds(items: unknown): CatalogProblem | undefined {
  if (!Array.isArray(items) || items.length === 0 || !items.every(isJsonObject)) {
    return { id: 'item-array-invalid', message: 'Items must be an array of objects' }
  }
  if (items.length > maxItems) {
    return { id: 'request-includes-too-many-items', message: 'The request includes too many items' }
  }
  const ids = items.map((item) => (item as JsonObject)['id'])
  if (ids.includes(undefined)) return { id: 'items-missing-ids', message: 'Some items do not have ids' }
  const texts = ids.filter((id) => typeof id === 'string')
  if (texts.length < ids.length) return { id: 'ids-not-strings', message: 'Ids must be strings', values: ids }
  const long = texts.filter((id) => id.length > maxIdLength)
  if (long.length > 0) return { id: 'ids-too-large', message: 'Ids can not be longer than 250', values: long }
  const wrong = texts.filter((id) => !/^[A-Za-z0-9_-]+$/.test(id))
  if (wrong.length > 0) return { id: 'invalid-ids', message: 'Ids have other characters', values: wrong }
  if (new Set(texts).size < texts.length) return { id: 'ids-not-unique', message: 'Ids must be unique' }
  return undefined
}

/** Of items with fields. */
export function problemOfItems(items: unknown, fields: readonly string[]): CatalogProblem | undefined {
  const problem = problemOfIds(items)
  if (problem !== undefined) return problem
  for (const item of items as readonly JsonObject[]) {
    const found = problemOfFields(item, new Set(['id', ...fields]))
    if (found !== undefined) return found
  }
  return undefined
}

function problemOfFields(item: JsonObject, known: ReadonlySet<string>): CatalogProblem | undefined {
  const values = [item['id']]
  for (const [name, value] of Object.entries(item)) {
    if (!known.has(name)) {
      return { id: 'invalid-fields', message: 'Some of the fields given do not exist in the catalog', values }
    }
    if (typeof value === 'string' && value.length > maxCharacters) {
      return { id: 'items-too-large', message: 'Items can not be larger than 5,000 characters', values }
    }
    if (!isJsonObject(value)) continue
    if (!hasValidKeys(value)) {
      return { id: 'invalid-keys-in-value-object', message: 'Keys can not include . or $', values }
    }
    if (depthOf(value) > maxDepth) {
      return { id: 'too-deep-nesting-in-value-object', message: 'Objects can have 50 levels', values }
    }
  }
  return undefined
}

function hasValidKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  const keys = Array.isArray(value) ? [] : Object.keys(value)
  return keys.every((key) => !/[.$]/.test(key)) && Object.values(value).every(hasValidKeys)
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}
