/** What of stored work may be sent again after a pass that ended half-way: not what could do harm twice. */
import { rowOf } from './holds.ts'
import { type Item, interrupted } from './item.ts'
import type { PassDeps } from './pass-deps.ts'
import { isRepeatable } from './plan-groups.ts'
import type { Started } from './progress.ts'
import type { Unit } from './units.ts'

/** A unit of stored work, as it goes on. */
export interface ResumedUnit extends Unit {
  /** Whether exactly the requests are sent that may have been sent before: the vendor takes each once. */
  readonly isRepeat: boolean
}

/** The units of one run, which hold all its items. */
export function resumed(deps: PassDeps, units: readonly Unit[]): readonly ResumedUnit[] {
  const { lane } = deps
  const { slices } = deps.progress.start
  const startedOf = new Map(slices.map(({ index, started }) => [index, started]))
  const started = rowsOf(slices.flatMap((slice) => slice.started))
  if (started.size === 0) return units.map((unit) => ({ ...unit, isRepeat: false }))
  const read = new Set(units.flatMap(({ items }) => items.map(({ position }) => rowOf(lane, position))))

  return units.map((unit) => {
    const own = unit.slices.flatMap((index) => startedOf.get(index) ?? [])
    if (isSameAgain(deps, unit, own)) return { ...unit, isRepeat: true }
    const items = unit.items.map((item) =>
      started.has(rowOf(lane, item.position)) ? interrupted(item.position, false) : item,
    )
    // Nobody can tell any more what was sent of a row that is not there.
    const missing = [...rowsOf(own)].filter(([row]) => !read.has(row)).map(([, at]) => interrupted(at, true))
    return { ...unit, items: [...items, ...missing], isRepeat: false }
  })

  function rowsOf(marks: readonly Started[]) {
    return new Map(marks.flatMap(({ positions }) => positions.map((at) => [rowOf(lane, at), at] as const)))
  }
}

function isSameAgain(deps: PassDeps, { items, slices, matched }: Unit, started: readonly Started[]): boolean {
  const keys = new Set(started.flatMap(({ body }) => (body === null ? [] : [body])))
  const isAsStored = slices.length === 1 && items.length === matched
  if (keys.size === 0 || !isAsStored) return false
  return isRepeatable(
    { ...deps, createdAt: deps.progress.start.createdAt, itemKey: ({ position }) => deps.itemKey(position) },
    sendableOf(items),
    keys,
  )
}

function sendableOf(items: readonly Item[]) {
  return items.filter((item) => item.kind === 'sendable')
}
