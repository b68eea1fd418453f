/** Whether the rate limits can count what the connector sends. */
import type { RateLimit, RequestPlan } from '@sluice/connector-sdk'
import { attempt, distinct } from './check-answers.ts'
import { contextOf, groupsOf, planOf, type Subject } from './subject.ts'

/** Of the action's requests, and of the connection test: each has a key and a cost, the same whenever it is asked. */
export function checkRateLimits(subject: Subject): readonly string[] {
  const { rateLimits, testConnection } = subject.connector
  const requests = [
    ...groupsOf(subject, subject.payloads).flatMap((group) => planOf(subject, group)),
    testConnection.plan(contextOf(subject)),
  ]
  return rateLimits.flatMap((limit, index) =>
    distinct(requests.filter((request) => isFor(limit, request)).flatMap(problemsWith(limit))).map(
      (problem) => `rateLimits.${index}: ${problem}`,
    ),
  )
}

function isFor({ match }: RateLimit, { path }: RequestPlan): boolean {
  return [match].flat().some((prefix) => path.startsWith(prefix))
}

function problemsWith(limit: RateLimit): (request: RequestPlan) => readonly string[] {
  const count = (request: RequestPlan) =>
    attempt(() => ({ cost: limit.cost?.(request) ?? 1, key: limit.key?.(request) ?? '' }))
  return (request) => {
    const counted = count(request)
    if (counted === null) return [`it cannot count a ${request.method} of ${request.path}.`]
    const again = count(request)
    const { cost, key } = counted
    return [
      ...(typeof key === 'string' ? [] : ['its key is no text.']),
      ...(Number.isFinite(cost) && cost >= 0 ? [] : ['its cost is no number from 0.']),
      ...(cost > limit.requests ? [`a request costs ${cost}, and ${limit.requests} is the most.`] : []),
      ...(again?.cost === cost && again.key === key
        ? []
        : ['it counts a request differently the second time.']),
    ]
  }
}
