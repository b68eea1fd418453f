/** The sessions of one source connection: a few connections are kept for the next statement, all end when it closes. */
import { SourceError } from '@sluice/connector-sdk'
import { type Backend, beginTransaction } from './begin-transaction.ts'
import { cancelBackend } from './cancel-backend.ts'
import { type ErrorScene, toSourceError } from './driver-error.ts'
import type { Link } from './link.ts'
import type { OpenLink } from './open-link.ts'
import { createSession, type Session } from './session.ts'
import type { ServerAddress } from './settings.ts'

const keptIdle = 2

export interface Sessions {
  readonly scene: ErrorScene
  open(): Promise<Session>
  /** Opens a session for one piece of work; what the driver throws in it becomes a coded error. */
  use<T>(work: (session: Session) => Promise<T>): Promise<T>
  closeAll(): Promise<void>
}

export function createSessions(server: ServerAddress, openLink: OpenLink): Sessions {
  const scene: ErrorScene = { server, phase: 'reading' }
  const idle: Link[] = []
  const opened = new Set<Promise<Session>>()
  let isClosed = false

  async function begin(link: Link): Promise<Backend> {
    try {
      return await beginTransaction(link.client, server)
    } catch (error) {
      await link.close()
      throw toSourceError(error, { server, phase: 'connecting' })
    }
  }

  /** One that was kept may have been closed by the server meanwhile: then another is opened. */
  async function connect(): Promise<{ readonly link: Link; readonly backend: Backend }> {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      const backend = await begin(kept).catch(() => undefined)
      if (backend !== undefined) return { link: kept, backend }
    }
    const link = await openLink(server)
    return { link, backend: await begin(link) }
  }

  async function giveBack(link: Link): Promise<void> {
    if (isClosed || idle.length >= keptIdle) await link.close()
    else idle.push(link)
  }

  async function open(): Promise<Session> {
    if (isClosed) throw new SourceError('broken_stream', 'The connection is closed.')
    const opening = connect().then(({ link, backend }) =>
      createSession({
        link,
        cancel: () => cancelBackend(() => openLink(server, link.address), backend),
        giveBack,
      }),
    )
    opened.add(opening)
    const forget = (): void => {
      opened.delete(opening)
    }
    try {
      const session = await opening
      return {
        run: session.run,
        release: () => session.release().finally(forget),
        stop: () => session.stop().finally(forget),
      }
    } catch (error) {
      forget()
      throw error
    }
  }

  return {
    scene,
    open,
    async use(work) {
      const session = await open()
      try {
        const result = await work(session)
        await session.release()
        return result
      } catch (error) {
        await session.stop()
        throw toSourceError(error, scene)
      }
    },
    async closeAll() {
      isClosed = true
      const outcomes = await Promise.allSettled(opened)
      const sessions = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      await Promise.all([
        ...sessions.map((session) => session.stop()),
        ...idle.splice(0).map((link) => link.close()),
      ])
    },
  }
}
