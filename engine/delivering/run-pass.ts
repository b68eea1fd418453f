/** One attempt over what is unsettled in a delivery: read, evaluate, map, plan, send, settle. */
import { cut } from '../planning/cut.ts'
import { prefetch } from '../reading/prefetch.ts'
import type { Item } from './item.ts'
import type { Counts } from './outcome.ts'
import type { PassDeps } from './pass-deps.ts'
import type { PassEnd } from './progress.ts'
import { readPages } from './read-pages.ts'
import { retryDue } from './retry-due.ts'
import { createSending, type Sending } from './sending.ts'
import { settlementOf } from './settlement.ts'
import { openRuns, type Unit, unitsOf } from './units.ts'

/** How soon a halted pass is tried again when nothing says when. */
const defaultPauseMs = 10_000

/** Runs a pass to its end and writes that end. */
export async function runPass(deps: PassDeps, signal: AbortSignal): Promise<PassEnd> {
  const { progress } = deps
  const sending = createSending({
    ...deps,
    createdAt: progress.start.createdAt,
    isStopped: () => progress.isStopped() || signal.aborted,
    itemKey: ({ position }) => deps.itemKey(position),
  })
  try {
    await retryDue(deps, sending)
    const isReadToEnd = progress.start.isFirstPassDone || (await sendStretch(deps, sending, signal))
    await sending.drained()
    signal.throwIfAborted()

    const end = await endOf(deps, sending, isReadToEnd)
    await progress.end(end)
    return end
  } finally {
    // A pass that fails half-way still commits what its requests in flight bring home: nothing of it is repeated.
    await sending.quiet()
  }
}

async function endOf({ progress, now }: PassDeps, sending: Sending, isReadToEnd: boolean): Promise<PassEnd> {
  const halt = sending.halt()
  if (halt?.kind === 'setup') await progress.pauseAction(halt.code)
  if (halt?.kind === 'setup' || halt?.kind === 'stopped') return { kind: 'paused' }
  if (isReadToEnd) await progress.markFirstPassDone()
  const earliest = await progress.earliestDue()
  if (halt?.kind === 'later') {
    const at = Number.isFinite(halt.at) ? halt.at : now() + defaultPauseMs
    return isReadToEnd && earliest === null ? { kind: 'completed' } : { kind: 'waiting', dueAt: at }
  }
  return isReadToEnd && earliest === null
    ? { kind: 'completed' }
    : { kind: 'waiting', dueAt: earliest ?? now() }
}

/** Sends what the stretch still holds; returns whether all of it was started. */
async function sendStretch(deps: PassDeps, sending: Sending, signal: AbortSignal): Promise<boolean> {
  const { slices, stretch } = deps.progress.start
  for (const run of openRuns(slices, stretch.after)) {
    const items: Item[] = []
    for await (const page of readPages(deps.connection, deps.lane, run, signal)) items.push(...page)
    for (const unit of unitsOf(run, items)) {
      if (!(await sendUnit(deps, sending, unit))) return false
    }
  }

  const after = slices.at(-1)?.boundary ?? stretch.after
  const unread = readPages(deps.connection, deps.lane, { after, until: stretch.until }, signal)
  for await (const units of prefetch(storePages(deps, prefetch(unread)))) {
    for (const unit of units) {
      if (!(await sendUnit(deps, sending, unit))) return false
    }
  }
  return true
}

/** Cuts each page into slices and stores them before anything of the page is sent. */
async function* storePages(
  { lane, progress }: PassDeps,
  pages: AsyncGenerator<readonly Item[]>,
): AsyncGenerator<readonly Unit[]> {
  const limits = lane.actionDefinition.limits(lane.settings)
  let next = progress.start.slices.length
  for await (const page of pages) {
    const units = cut(page, limits).map((items) => ({ slices: [next++], matched: items.length, items }))
    await progress.write({
      newSlices: units.flatMap(({ slices: [index], items, matched }) => {
        const boundary = items.at(-1)?.position
        return index === undefined || boundary === undefined ? [] : [{ index, boundary, matched }]
      }),
      counts: { matched: page.length },
    })
    yield units
  }
}

/** Returns whether it was started: not when the pass has halted. */
function sendUnit({ progress, now }: PassDeps, sending: Sending, unit: Unit): Promise<boolean> {
  const slice = unit.slices[0] ?? 0
  const firstAt = now()
  return sending.start({
    items: unit.items,
    isUncut: unit.slices.length > 1 || unit.items.length > unit.matched,
    historyOf: (ordinal) => ({
      place: { slice, ordinal, position: unit.items[ordinal]?.position ?? [] },
      attempts: 0,
      firstAt,
    }),
    async settle(settled, requests) {
      const { counts, newExceptions } = settlementOf(settled)
      await progress.write({
        settledSlices: unit.slices,
        newExceptions,
        counts: { ...counts, ...recount(unit), requests },
      })
    },
  })
}

/** Fewer rows than were stored: the others changed and come with a later stretch; more: they match now. */
function recount({ matched, items }: Unit): Counts {
  const more = items.length - matched
  return more >= 0 ? { matched: more } : { superseded: -more }
}
