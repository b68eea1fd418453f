/** Whether plans are pure, the same every time, complete, and stay on the connector's own host. */
import type { RequestPlan } from '@sluice/connector-sdk'
import { contextOf, groupsOf, limitsOf, type Payload, planOf, type Subject } from './subject.ts'

const zones = ['UTC', 'Asia/Tokyo', 'America/Los_Angeles']

/** The same plan for the same items: at another time, in another time zone, with other luck. */
export function checkDeterminism(subject: Subject): readonly string[] {
  const groups = groupsOf(subject, subject.payloads)
  const planAll = () => JSON.stringify(groups.map((group) => planOf(subject, group)))
  const first = planAll()
  const others = zones.map((zone, index) => elsewhere(zone, index, planAll))
  return others.flatMap((plan, index) =>
    plan === first
      ? []
      : [`Another plan in the time zone ${zones[index]}, at another time, for the same items.`],
  )
}

/** Every part of every item is addressed exactly once, and parts are counted from 0. */
export function checkParts(subject: Subject): readonly string[] {
  return groupsOf(subject, subject.payloads).flatMap((group) => partProblems(group, planOf(subject, group)))
}

export function partProblems(group: readonly Payload[], requests: readonly RequestPlan[]): readonly string[] {
  const seen = group.map((): number[] => [])
  const problems: string[] = []
  for (const { parts } of requests) {
    if (parts.length === 0) problems.push('A request carries no part of any item.')
    for (const { item, part } of parts) {
      const own = seen[item]
      if (own === undefined) problems.push(`A part names item ${item} of a group of ${group.length}.`)
      else own.push(part)
    }
  }
  for (const [item, parts] of seen.entries()) {
    if (parts.length === 0) problems.push(`Item ${item} of ${group.length} is in no request.`)
    const sorted = parts.toSorted((left, right) => left - right)
    if (sorted.some((part, index) => part !== index)) {
      problems.push(
        `The parts of item ${item} are ${parts.join(', ')}: each must stand once, counted from 0.`,
      )
    }
  }
  return problems
}

/** Base URL and paths make addresses of one host, and bodies are what JSON can say. */
export function checkRequests(subject: Subject): readonly string[] {
  const base = subject.connector.baseUrl(contextOf(subject).settings)
  if (!URL.canParse(base)) return [`The base URL is no URL.`]
  const { origin } = new URL(base)
  const { bytes } = limitsOf(subject)
  return groupsOf(subject, subject.payloads)
    .flatMap((group) => planOf(subject, group))
    .flatMap(({ body, path }) => [
      ...(path.startsWith('/') ? [] : [`The path "${path}" does not begin with a slash.`]),
      ...(URL.canParse(base + path) && new URL(base + path).origin === origin
        ? []
        : [`The path "${path}" leads to another host.`]),
      ...(body?.kind === 'json' ? jsonProblems(body.value, bytes) : []),
    ])
}

/** What an item weighs, in the units that the limits name. */
export function checkWeights(subject: Subject): readonly string[] {
  const { weights } = limitsOf(subject)
  return subject.payloads.flatMap((payload) => {
    const weight = subject.action.weigh(payload)
    const odd = Object.values(weight).some((each) => !Number.isFinite(each) || each < 0)
    const isFree = Object.keys(weights).every((unit) => (weight[unit] ?? 0) === 0)
    return [
      ...(odd ? ['An item weighs something that is no number from 0.'] : []),
      ...(isFree ? ['An item weighs nothing: a group of such items would have no end.'] : []),
    ]
  })
}

function jsonProblems(value: unknown, bytes: number): readonly string[] {
  const text = JSON.stringify(value)
  if (text === undefined) return ['A body is no JSON value.']
  const problems = hasNoJson(value) ? ['A body holds a number, date or bigint that JSON cannot say.'] : []
  return new TextEncoder().encode(text).length <= bytes
    ? problems
    : [...problems, 'A body has more bytes than the limits allow.']
}

function hasNoJson(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') return true
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Date || value instanceof Map || value instanceof Set) return true
  return Object.values(value).some(hasNoJson)
}

/** Runs with the process's clock, zone and chance changed, and puts them back. */
function elsewhere<Result>(zone: string, seed: number, run: () => Result): Result {
  const { TZ } = process.env
  const { now } = Date
  const { random } = Math
  process.env['TZ'] = zone
  Date.now = () => now() + seed * 86_400_000 + 1
  Math.random = () => (seed + 0.5) / zones.length
  try {
    return run()
  } finally {
    if (TZ === undefined) delete process.env['TZ']
    else process.env['TZ'] = TZ
    Date.now = now
    Math.random = random
  }
}
