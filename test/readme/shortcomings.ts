/** What is wrong with an answer that has no GraphQL errors: problems in it, at any depth, and parts nobody asked for. */
import { isObject } from './placeholders.ts'

export function shortcomings(answer: unknown, path = 'data'): readonly string[] {
  if (Array.isArray(answer)) return answer.flatMap((entry, index) => shortcomings(entry, `${path}[${index}]`))
  if (answer === null && path.split('.').length === 2) return [`${path} is null`]
  if (!isObject(answer)) return []
  // A member of a union that the document has no selection for.
  if (Object.keys(answer).length === 0) return [`${path} is empty`]
  // Classes of errors have a code and a message too, and who has reported them.
  const isProblem = typeof answer['message'] === 'string' && typeof answer['code'] === 'string'
  if (isProblem && answer['reporter'] === undefined) {
    return [`${path} is a problem: ${JSON.stringify(answer)}`]
  }
  if (answer['ok'] === false) return [`${path} is not ok: ${JSON.stringify(answer)}`]
  return Object.entries(answer).flatMap(([name, value]) => shortcomings(value, `${path}.${name}`))
}
