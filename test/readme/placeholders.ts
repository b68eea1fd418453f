/** Puts into a step's variables what a reader would: ids of earlier answers, and what is the reader's own. */

interface Given {
  /** The fields of all answers so far, by their names in the documents. */
  readonly answers: Readonly<Record<string, unknown>>
  /** Texts of the document that a reader replaces. */
  readonly own: Readonly<Record<string, string>>
}

const placeholder = /^\$(\w+)\.(\w+)$/

export function fillIn(variables: unknown, given: Given): unknown {
  if (typeof variables === 'string') return fillText(variables, given)
  if (Array.isArray(variables)) return variables.map((entry) => fillIn(entry, given))
  if (!isObject(variables)) return variables
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, fillIn(value, given)]))
}

function fillText(text: string, { answers, own }: Given): unknown {
  const [, name, field] = placeholder.exec(text) ?? []
  if (name === undefined || field === undefined) return own[text] ?? text
  const answer = answers[name]
  const value = isObject(answer) ? answer[field] : undefined
  if (value === undefined) throw new Error(`No earlier answer has what ${text} stands for.`)
  return value
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
