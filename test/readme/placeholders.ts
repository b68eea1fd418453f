/** Puts into a step's variables what a reader would: ids of earlier answers, and what is the reader's own. */

interface Given {
  /** The fields of all answers so far, by their names in the documents. */
  readonly answers: Readonly<Record<string, unknown>>
  /** Texts of the document that a reader replaces. */
  readonly own: Readonly<Record<string, string>>
}

/** `$version.id`, `$switched.connectors.0.revision` */
const placeholder = /^\$(\w+(?:\.\w+)+)$/

export function fillIn(variables: unknown, given: Given): unknown {
  if (typeof variables === 'string') return fillText(variables, given)
  if (Array.isArray(variables)) return variables.map((entry) => fillIn(entry, given))
  if (!isObject(variables)) return variables
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, fillIn(value, given)]))
}

function fillText(text: string, { answers, own }: Given): unknown {
  const [, path] = placeholder.exec(text) ?? []
  if (path === undefined) return own[text] ?? text
  const value = path.split('.').reduce<unknown>(partOf, answers)
  if (value === undefined) throw new Error(`No earlier answer has what ${text} stands for.`)
  return value
}

function partOf(whole: unknown, name: string): unknown {
  if (Array.isArray(whole)) return whole[Number(name)]
  return isObject(whole) ? whole[name] : undefined
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
