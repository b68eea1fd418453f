/** Shows how a delivery gets on: a bar on a terminal, a line now and then elsewhere. */
import { Presets, SingleBar } from 'cli-progress'
import type { Counts } from './watch.ts'

export interface ProgressDisplay {
  update(counts: Counts): void
  end(): void
}

const lineEveryMs = 5_000

/** @param total how many records are expected; 0 when nobody knows */
export function createProgressDisplay(total: number, stream: NodeJS.WriteStream): ProgressDisplay {
  const startedAt = Date.now()
  const facts = (counts: Counts) => {
    const done = counts.matched - counts.waiting
    const rate = Math.round(done / Math.max(0.001, (Date.now() - startedAt) / 1000))
    const errors = counts.rejected + counts.refused + counts.exhausted + counts.unknown
    return { done, rate, errors }
  }
  return stream.isTTY ? bar(total, stream, facts) : lines(total, stream, facts)
}

type Facts = (counts: Counts) => { readonly done: number; readonly rate: number; readonly errors: number }

function bar(total: number, stream: NodeJS.WriteStream, facts: Facts): ProgressDisplay {
  const single = new SingleBar(
    {
      format: 'Delivering {bar} {value}/{total} records | {rate}/s | {errors} errors | {eta_formatted} left',
      stream,
      hideCursor: true,
      etaBuffer: 20,
      // Before the first record there is no rate to tell it from.
      formatTime: (seconds) => (Number.isFinite(seconds) ? formatSeconds(seconds) : '?'),
    },
    Presets.shades_classic,
  )
  let isShown = false
  return {
    update(counts) {
      const expected = Math.max(total, counts.matched)
      // A run that finds nothing new needs no bar.
      if (expected === 0) return
      const { done, ...payload } = facts(counts)
      if (!isShown) single.start(expected, 0, { rate: 0, errors: 0 })
      isShown = true
      single.setTotal(expected)
      single.update(done, payload)
    },
    end() {
      if (isShown) single.stop()
    },
  }
}

function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

function lines(total: number, stream: NodeJS.WriteStream, facts: Facts): ProgressDisplay {
  let lastAt = Date.now()
  return {
    update(counts) {
      if (Date.now() - lastAt < lineEveryMs) return
      lastAt = Date.now()
      const { done, rate, errors } = facts(counts)
      const left = Math.max(0, Math.max(total, counts.matched) - done)
      const seconds = rate === 0 ? '?' : Math.ceil(left / rate)
      stream.write(`Delivering: ${done} records, ${rate}/s, ${errors} errors, ${seconds} s left\n`)
    },
    end: () => undefined,
  }
}
