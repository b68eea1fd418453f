/** One attempt over what is unsettled in a delivery: read, evaluate, map, plan, send, settle. */
import { applyWithinMs } from '../documents.ts'
import { cut } from '../planning/cut.ts'
import { prefetch } from '../reading/prefetch.ts'
import type { Transport } from '../sending/transport.ts'
import { createHolds, type Holds, rowOf } from './holds.ts'
import type { Item } from './item.ts'
import type { Counts } from './outcome.ts'
import type { PassDeps } from './pass-deps.ts'
import type { PassEnd } from './progress.ts'
import { readPages, readStretch } from './read-pages.ts'
import { lanesToRead } from './rescan.ts'
import { type ResumedUnit, resumed } from './resumed.ts'
import { retryDue } from './retry-due.ts'
import { createSending, type Sending } from './sending.ts'
import { settlementOf } from './settlement.ts'
import { openRuns, type Unit, unitsOf } from './units.ts'

/** A page is read and stored while the one before is sent; what waits longer costs the collector of garbage more. */
const pagesAhead = 1
/** So many items at most wait for the next page to fill their slice. */
const mostCarried = 1_000
/** How soon a halted pass is tried again when nothing says when. */
const defaultPauseMs = 10_000

/** Runs a pass to its end and writes that end. */
export async function runPass(deps: PassDeps, signal: AbortSignal): Promise<PassEnd> {
  const { progress } = deps
  await waitForZombie(deps, signal)
  const holds = createHolds(deps)
  const sending = createSending({
    ...deps,
    transport: leased(deps),
    holds,
    createdAt: progress.start.createdAt,
    isStopped: () => progress.isStopped() || signal.aborted,
    hurry: () => progress.hurry(),
    itemKey: ({ position }) => deps.itemKey(position),
  })
  try {
    const { isFirstPassDone } = progress.start
    if (isFirstPassDone) await retryDue(deps, sending)
    const isReadToEnd = isFirstPassDone || (await sendStretch(deps, sending, holds, signal))
    await sending.drained()
    signal.throwIfAborted()

    const end = await endOf(deps, sending, isReadToEnd)
    await progress.end(end)
    return end
  } catch (error) {
    // A pass that fails half-way still commits what its requests in flight bring home: nothing of it is repeated.
    if (await sending.quiet()) await progress.releaseLease()
    throw error
  }
}

/** What the pass before may still be sending, and what the vendor may still apply of it, comes first. */
async function waitForZombie({ lane, progress, wait }: PassDeps, signal: AbortSignal): Promise<void> {
  const { leaseLeftMs } = progress.start
  if (leaseLeftMs === null) return
  const waitMs = leaseLeftMs + applyWithinMs(lane.action)
  if (waitMs > 0) await wait(waitMs, signal)
  signal.throwIfAborted()
}

/** A worker that stood still may have lost its lease: it sends nothing before it has it again. */
function leased({ progress, transport }: PassDeps): Transport {
  return async (request) => {
    while (!progress.isLeased()) await progress.renewLease()
    return transport(request)
  }
}

async function endOf({ progress, now }: PassDeps, sending: Sending, isReadToEnd: boolean): Promise<PassEnd> {
  const halt = sending.halt()
  if (halt?.kind === 'setup') await progress.pauseCredential(halt.code)
  if (halt?.kind === 'setup' || halt?.kind === 'stopped') return { kind: 'paused' }
  if (isReadToEnd) await progress.markFirstPassDone()
  const next = await progress.nextDue()
  if (isReadToEnd && next.kind === 'never') return { kind: 'completed' }
  if (halt?.kind === 'later') {
    return { kind: 'waiting', dueAt: Number.isFinite(halt.at) ? halt.at : now() + defaultPauseMs }
  }
  switch (next.kind) {
    case 'at':
      return { kind: 'waiting', dueAt: next.dueAt }
    case 'behind':
      return { kind: 'waiting', dueAt: null }
    case 'never':
      return { kind: 'waiting', dueAt: now() }
  }
}

/** Sends what the stretch still holds; returns whether all of it was started. */
async function sendStretch(
  deps: PassDeps,
  sending: Sending,
  holds: Holds,
  signal: AbortSignal,
): Promise<boolean> {
  const { slices, stretch } = deps.progress.start
  const reading = { ...deps, lanes: await lanesToRead(deps) }
  await holds.load()
  for (const run of openRuns(slices, stretch.after)) {
    const items: Item[] = []
    for await (const page of readPages(reading, run, signal)) items.push(...page)
    for (const unit of resumed(deps, unitsOf(run, items))) {
      // What is repeated as it was had its turn already.
      const now = unit.isRepeat ? unit : { ...unit, items: await holds.screen(unit.items) }
      if (!(await sendUnit(deps, sending, now))) return false
    }
  }
  // What waits stands behind what was stored before it and not yet settled.
  await sending.drained()
  await retryDue(deps, sending)
  if (sending.halt() !== null) return false
  await holds.load()

  const after = slices.at(-1)?.boundary ?? stretch.after
  const unread = readStretch(reading, { after, until: stretch.until }, signal)
  for await (const { stored, units } of prefetch(storePages(deps, holds, unread), pagesAhead)) {
    await stored()
    for (const unit of units) {
      if (!(await sendUnit(deps, sending, unit))) return false
    }
    // A long stretch does not keep its own retries waiting.
    if (sending.isRetryDue()) await retryDue(deps, sending)
  }
  return true
}

interface StoredPage {
  readonly units: readonly Unit[]
  /** Nothing of the page is sent before this resolves. */
  stored(): Promise<void>
}

/** Cuts pages into slices and has them stored. What does not fill a slice goes with the next page. */
async function* storePages(
  { lane, progress }: PassDeps,
  holds: Holds,
  pages: AsyncGenerator<readonly Item[]>,
): AsyncGenerator<StoredPage> {
  const limits = lane.actionDefinition.limits(lane.settings)
  let next = (progress.start.slices.at(-1)?.index ?? -1) + 1
  let rest: readonly Item[] = []
  let stored = Promise.resolve()

  function store(slices: readonly (readonly Item[])[]): StoredPage {
    const units = slices.map((items) => ({ slices: [next++], matched: items.length, items }))
    let isStored = false
    const storing = progress.write({
      newSlices: units.flatMap(({ slices: [index], items, matched }) => {
        const boundary = items.at(-1)?.position
        return index === undefined || boundary === undefined ? [] : [{ index, boundary, matched }]
      }),
      counts: { matched: units.reduce((sum, { matched }) => sum + matched, 0) },
    })
    const isWritten = storing.then(() => {
      isStored = true
    })
    // A failure is for whoever awaits it, when it is the page's turn.
    isWritten.catch(() => undefined)
    stored = isWritten
    return {
      units,
      stored() {
        if (!isStored) progress.hurry()
        return isWritten
      },
    }
  }

  try {
    for await (const page of pages) {
      const slices = cut([...rest, ...(await holds.screen(page))], limits)
      // What is not sent weighs nothing, and fills no slice however much of it there is.
      const isLong = (slices.at(-1)?.length ?? 0) >= mostCarried
      rest = isLong ? [] : (slices.pop() ?? [])
      if (slices.length > 0) yield store(slices)
    }
    if (rest.length > 0) yield store([rest])
  } finally {
    // A pass that turns back early does not end while pages ahead are still being stored.
    await stored.catch(() => undefined)
  }
}

/** Returns whether it was started: not when the pass has halted. */
function sendUnit(deps: PassDeps, sending: Sending, unit: Unit | ResumedUnit): Promise<boolean> {
  const { lane, progress } = deps
  const slice = unit.slices[0] ?? 0
  const isRepeat = 'isRepeat' in unit && unit.isRepeat
  return sending.start({
    items: unit.items,
    // What was held when it was stored took no room in its slice.
    isUncut: 'isRepeat' in unit && !isRepeat,
    mayBeHeld: !isRepeat,
    isRepeat,
    reached: 0,
    historyOf: (ordinal) => ({
      place: { slice, ordinal, position: unit.items[ordinal]?.position ?? [] },
      attempts: 0,
      firstAt: null,
    }),
    async noteStarted(items, body) {
      const positions = items.map(({ position }) => position)
      await progress.write({ startedSlice: { index: slice, positions, body } })
    },
    settle(settled, requests) {
      const { counts, newExceptions } = settlementOf(settled, (position) => rowOf(lane, position))
      return progress.write({
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
