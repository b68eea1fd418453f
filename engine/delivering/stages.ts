/** Requests that depend on one another: their order, and what an answer may hand to a later one. Pure. */
import { type Captured, captured, type RequestPlan, type VendorResponse } from '@sluice/connector-sdk'
import { fillText } from '../sending/body.ts'

export const mostStage = 9
const mostNames = 8
const mostLength = 1_000
const nameForm = /^[A-Za-z0-9]{1,64}$/

export function stageOf({ stage = 0 }: RequestPlan): number {
  return stage
}

/** A connector that breaks the contract costs its own items, as one that throws does. */
export function assertStages(requests: readonly RequestPlan[]): void {
  const isFit = (stage: number) => Number.isInteger(stage) && stage >= 0 && stage <= mostStage
  if (!requests.every((request) => isFit(stageOf(request))))
    throw new RangeError('A stage is no number from 0 to 9.')
}

/** An item of an upload is in one job at a time. */
export function assertOneRequestEach(requests: readonly RequestPlan[]): void {
  const carried = requests.flatMap(({ parts }) => [...new Set(parts.map(({ item }) => item))])
  const isApart = new Set(carried).size === carried.length
  if (!isApart || requests.some(({ stage }) => stage !== undefined)) {
    throw new RangeError('An item of a job is in one request, without a stage.')
  }
}

/** What stands in a request for a value that no answer has given yet: neither URLs nor forms change its letters. */
export function placeholderOf(name: string): string {
  return captured({}, name)
}

/** Whether a request would go out with a placeholder for one of these names. */
export function isIncomplete(
  { path, query = {}, headers = {} }: RequestPlan,
  body: string | null,
  names: ReadonlySet<string>,
): boolean {
  const unfilled = [...Object.values(query), ...Object.values(headers)]
  const texts = [path, body ?? '', ...unfilled.map((text) => fillText(text, () => ''))]
  return [...names].some((name) => texts.some((text) => text.includes(placeholderOf(name))))
}

/** What an answer hands on for each part of its request: nothing where the connector can't read it. */
export function capturedIn(
  capture: (request: RequestPlan, response: VendorResponse) => readonly Captured[],
  request: RequestPlan,
  response: VendorResponse,
): readonly Captured[] {
  try {
    const found: unknown = capture(request, response)
    if (!Array.isArray(found) || found.length !== request.parts.length) return []
    return found.map(wellFormed)
  } catch {
    // Plugin code: its message may hold values. What later stages miss, they report.
    return []
  }
}

function wellFormed(found: unknown): Captured {
  if (typeof found !== 'object' || found === null) return {}
  const fit = Object.entries(found).filter(
    ([name, value]) =>
      nameForm.test(name) && typeof value === 'string' && value.length > 0 && value.length <= mostLength,
  )
  return fit.length > mostNames ? {} : Object.fromEntries(fit)
}
