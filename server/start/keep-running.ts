/** Keeps a part of `npm start` running: hears that it has ended by itself, says so, and starts it again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { explain } from '../explain.ts'
import { RoleFailedError } from './roles.ts'

export interface Part {
  /** Resolves when it has ended, however it went. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

export interface Kept<P extends Part> {
  /** The one that runs; while it is being started again, the next one. Fails once it is given up. */
  running(): Promise<P>
  /** How often it was started again. */
  restarts(): number
  stop(): Promise<void>
}

export interface KeepRunningOptions<P extends Part> {
  /** For people: 'The worker'. */
  readonly name: string
  /** Where to read why it ends. */
  readonly log: string
  /** `last` is the one whose place it takes: it must be found where that was. */
  start(last: P | undefined): Promise<P>
  say(line: string): void
  /** It ends again and again: somebody has to look. */
  onGiveUp(error: unknown): void
  readonly now?: () => number
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** One that lived longer has worked, and its end is news. */
const quickMs = 30_000
const mostQuickEnds = 5
const firstPauseMs = 1_000

/** Starts it. A first start that fails is the caller's to tell. */
export async function keepRunning<P extends Part>({
  name,
  log,
  start,
  say,
  onGiveUp,
  now = () => performance.now(),
  pause = (ms, signal) => sleep(ms, undefined, { signal }),
}: KeepRunningOptions<P>): Promise<Kept<P>> {
  const stopping = new AbortController()
  const { signal } = stopping
  let restarts = 0
  let running = start(undefined)
  let part = await running

  async function lookAfter(): Promise<void> {
    let quickEnds = 0
    for (;;) {
      const since = now()
      await part.ended
      if (signal.aborted) return
      quickEnds = now() - since < quickMs ? quickEnds + 1 : 1
      running = startAgain()
      part = await running
      if (signal.aborted) return
      restarts += 1
      say(`${name} runs again.`)
    }

    async function startAgain(): Promise<P> {
      say(`${name} has ended by itself and is started again.`)
      for (; quickEnds < mostQuickEnds; quickEnds += 1) {
        // The first time at once; then what it ends of gets ever more time to pass.
        if (quickEnds > 1) await pause(firstPauseMs * 2 ** (quickEnds - 2), signal)
        signal.throwIfAborted()
        try {
          return await start(part)
        } catch (error) {
          signal.throwIfAborted()
          say(`${name} could not be started again. ${explain(error)}`)
        }
      }
      throw new RoleFailedError(
        `${name} has ended ${mostQuickEnds} times in a row and is not started again. Its log may say why: ${log}`,
      )
    }
  }

  void lookAfter().catch((error: unknown) => {
    if (!signal.aborted) onGiveUp(error)
  })

  return {
    running: () => running,
    restarts: () => restarts,
    async stop() {
      stopping.abort()
      // One that is just being started is ended too; one that could not be is no more.
      const last = await running.catch(() => undefined)
      await last?.stop()
    },
  }
}
