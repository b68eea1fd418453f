/** The sessions of one connection: opened for each statement, all given back when it closes. */
import { SourceError } from '@sluice/connector-sdk'
import { type ErrorScene, toSourceError } from './driver-error.ts'
import { type Engine, sceneOf } from './engine.ts'
import { createSession, type Session } from './session.ts'

export interface Sessions {
  readonly scene: ErrorScene
  open(): Promise<Session>
  /** Opens a session for one piece of work; what DuckDB throws in it becomes a coded error. */
  use<T>(work: (session: Session) => Promise<T>, sql?: string): Promise<T>
  closeAll(): Promise<void>
}

export function createSessions(engine: Engine): Sessions {
  const opened = new Set<Promise<Session>>()
  const scene = sceneOf(engine)
  let isClosed = false

  async function open(): Promise<Session> {
    if (isClosed) throw new SourceError('broken_stream', 'The connection is closed.')
    const opening = engine.connect().then(createSession)
    opened.add(opening)
    try {
      const session = await opening
      return { ...session, stop: () => session.stop().finally(() => opened.delete(opening)) }
    } catch (error) {
      opened.delete(opening)
      throw toSourceError(error, scene)
    }
  }

  return {
    scene,
    open,
    async use(work, sql) {
      const session = await open()
      try {
        return await work(session)
      } catch (error) {
        throw toSourceError(error, { ...scene, ...(sql === undefined ? {} : { sql }) })
      } finally {
        await session.stop()
      }
    },
    async closeAll() {
      isClosed = true
      const outcomes = await Promise.allSettled(opened)
      const sessions = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      await Promise.all(sessions.map((session) => session.stop()))
    },
  }
}
