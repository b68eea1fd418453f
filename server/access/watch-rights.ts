/** Rights of what stays open: asked for again now and then, because a token may have been revoked meanwhile. */
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from '../logger.ts'
import type { Identify } from './identify.ts'
import type { Access, Refusal, RequestMarks } from './rules.ts'

/** Who was let in: by what, and to what. */
export interface Admission {
  readonly marks: RequestMarks
  readonly access: Access
}

/** Calls `onLost` once, when the caller would not be let in any more, or to something else. Returns how to stop. */
export type WatchRights = (admission: Admission, onLost: (refusal: Refusal) => void) => () => void

interface Deps {
  readonly identify: Identify
  readonly log: Logger
  readonly everyMs: number
}

export function createRightsWatch({ identify, log, everyMs }: Deps): WatchRights {
  async function refusalOf({ marks, access }: Admission): Promise<Refusal | undefined> {
    const identity = await identify(marks)
    if (!identity.isKnown) return identity.refusal
    return isDeepStrictEqual(identity.access, access) ? undefined : changed
  }

  return (admission, onLost) => {
    let isOver = false
    const timer = setInterval(() => void look(), everyMs)
    function stop(): void {
      isOver = true
      clearInterval(timer)
    }
    async function look(): Promise<void> {
      try {
        const refusal = await refusalOf(admission)
        if (refusal === undefined || isOver) return
        stop()
        onLost(refusal)
      } catch (error) {
        // While the database is away there is nothing to be seen either.
        log.warn(
          { err: error },
          'The rights of an open stream could not be looked up; they are looked up again',
        )
      }
    }
    return stop
  }
}

const changed: Refusal = {
  status: 401,
  code: 'unauthenticated',
  message: 'What the caller may do has changed since the stream was opened. Open it again.',
}
