/** The vendors of the connectors for tests, over real HTTP: one knows people, one runs uploads as jobs. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PeopleVendor {
  readonly url: string
  /** The events that were tracked, by the vendor's own ids of people. */
  readonly events: ReadonlyMap<string, readonly string[]>
  close(): Promise<void>
}

export interface JobsVendor {
  readonly url: string
  /** How many uploads came. */
  uploads(): number
  /** How often a job was asked for. */
  polls(): number
  /** Users that the finished jobs set. */
  readonly users: ReadonlyMap<string, string>
  /** Lets all jobs end that were begun, and those to come. */
  finish(): void
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

/** Gives each name an id of its own, and knows no names where events come. */
export async function startPeopleVendor(): Promise<PeopleVendor> {
  const ids = new Map<string, string>()
  const events = new Map<string, string[]>()
  const idOf = (name: string) => {
    const id = ids.get(name) ?? `person-${ids.size + 1}`
    ids.set(name, id)
    return id
  }
  const server = await listen(async (path, body) => {
    if (path === '/identify') return ok({ answers: (body as { names: string[] }).names.map(idOf) })
    const tracked = (body as { events: { person: string; event: string }[] }).events
    for (const { person, event } of tracked) events.set(person, [...(events.get(person) ?? []), event])
    return ok({ answers: tracked.map(() => 'ok') })
  })
  return { ...server, events }
}

/** Refuses the row of the user `bad`. */
export async function startJobsVendor(): Promise<JobsVendor> {
  interface Job {
    readonly rows: readonly { readonly user: string; readonly value: string }[]
  }
  const jobs: Job[] = []
  const users = new Map<string, string>()
  let polls = 0
  let isFinished = false
  const server = await listen(async (path, body) => {
    if (path === '/jobs') {
      jobs.push(body as Job)
      return { status: 202, body: { job: `job-${jobs.length}` } }
    }
    const [, , name = '', errors] = path.split('/')
    const job = jobs[Number(name.replace('job-', '')) - 1]
    if (job === undefined) return { status: 404, body: {} }
    if (errors !== undefined) {
      return ok({ errors: job.rows.flatMap(({ user }, row) => (user === 'bad' ? [{ row }] : [])) })
    }
    polls += 1
    if (!isFinished) return ok({ state: 'running', again: 1_000 })
    for (const { user, value } of job.rows) if (user !== 'bad') users.set(user, value)
    return ok({ state: 'done' })
  })
  return {
    ...server,
    users,
    uploads: () => jobs.length,
    polls: () => polls,
    finish() {
      isFinished = true
    },
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

async function listen(answer: (path: string, body: unknown) => Promise<Answer>) {
  const listener: RequestListener = async (request, response) => {
    const text = await textOf(request)
    const { body, status } = await answer(request.url ?? '/', text === '' ? null : JSON.parse(text))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
