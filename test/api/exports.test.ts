/** Figures as CSV over HTTP: who may have them, what stands in them, and how they are streamed. */
import { get, type IncomingMessage } from 'node:http'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rights, roles } from '../../server/access/rules.ts'
import { createToken, hashToken } from '../../server/access/token.ts'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import type { Listening } from '../../server/http/listen.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { countFailed } from '../harness/error-buckets.ts'
import { countDone } from '../harness/metric-buckets.ts'
import { mutate } from '../harness/mutate.ts'
import { addMember, goodPassword, invite, openBrowser } from '../harness/people.ts'
import { seed } from '../harness/seed.ts'
import { until } from '../harness/until.ts'

const names = ['connector-metrics', 'action-metrics', 'metrics', 'action-errors'] as const

let app: TestApp
let server: Listening
let made: Awaited<ReturnType<typeof configured>>
beforeAll(async () => {
  app = await createTestApp({ snapshots: { atOnce: 2, pageMs: 5_000 } })
  server = await app.listen()
})
afterAll(() => app.close())
beforeEach(async () => {
  made = await configured()
})

const configured = () => seed(app).workspace().csvSource().segment().connector().action().create()
const rowId = ({ id }: { readonly id: string }) => decodeGlobalId(id).id
const owner = () => ({ actionId: rowId(made.action), workspaceId: rowId(made.workspace) })
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

function ask(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${server.url}/exports/${path}`, {
    headers: { authorization: `Bearer ${app.token}`, ...headers },
  })
}

const withToken = (token: string) => ({ authorization: `Bearer ${token}` })
const ofWorkspace = (name: string) => `${name}.csv?workspace=${made.workspace.id}`

/** The rows by the names in the first line. No cell of these tests has a line break or a quote in it. */
async function rowsOf(path: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const response = await ask(path)
  expect([response.status, response.status === 200 ? '' : await response.clone().text()]).toEqual([200, ''])
  const [head = '', ...lines] = (await response.text()).trimEnd().split('\r\n')
  const columns = head.replaceAll('"', '').split(',')
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(
      ([, quoted, bare]) => quoted ?? bare,
    )
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']))
  })
}

describe('a file', () => {
  it.each(names)(
    'of %s is an attachment that nobody keeps, in UTF-8 with a mark, as RFC 4180 has it',
    async (name) => {
      const response = await ask(ofWorkspace(name))
      expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
      expect(response.headers.get('content-disposition')).toMatch(
        new RegExp(
          `^attachment; filename="${name}-\\d{4}-\\d\\d-\\d\\dT\\d{4}-\\d{4}-\\d\\d-\\d\\dT\\d{4}\\.csv"$`,
        ),
      )
      expect(response.headers.get('cache-control')).toBe('no-store')
      const bytes = new Uint8Array(await response.arrayBuffer())
      expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
      expect(new TextDecoder().decode(bytes)).toMatch(/^"[\w",]+"\r\n/)
    },
  )

  it('of connectors has a row for each with what its actions did in the range', async () => {
    await countDone(app.db, [
      {
        ...owner(),
        at: minutesAgo(5),
        matched: 10n,
        delivered: 6n,
        warned: 1n,
        refused: 2n,
        retries: 4n,
        requests: 3n,
      },
      { ...owner(), at: minutesAgo(6 * 24 * 60), matched: 100n, delivered: 100n },
    ])
    const idle = await seed(app).workspace().connector().create()
    expect(await rowsOf(`connector-metrics.csv?workspace=${made.workspace.id}`)).toMatchObject([
      {
        ...{
          connectorId: made.connector.id,
          type: 'braze',
          typeName: 'Braze',
          vendor: 'Braze',
          status: 'ACTIVE',
        },
        ...{ actions: '1', activeActions: '1', totalVolume: '10', success: '7', errors: '2', retries: '4' },
        ...{ requests: '3', delivered: '6', warned: '1', refused: '2', rejected: '0' },
      },
    ])
    expect(
      await rowsOf(`connector-metrics.csv?connector=${made.connector.id}&range=PAST_7_DAYS`),
    ).toMatchObject([{ totalVolume: '110', success: '107' }])
    expect(await rowsOf(`connector-metrics.csv?workspace=${idle.workspace.id}`)).toMatchObject([
      { connectorId: idle.connector.id, actions: '0', totalVolume: '0', success: '0', errors: '0' },
    ])
  })

  it('of actions has a row for each', async () => {
    await countDone(app.db, [{ ...owner(), at: minutesAgo(5), matched: 3n, exhausted: 2n, unknown: 1n }])
    const expected = {
      ...{
        actionId: made.action.id,
        actionType: 'track-user',
        connectorId: made.connector.id,
        vendor: 'Braze',
      },
      ...{ status: 'NOT_PUBLISHED', totalVolume: '3', errors: '3', exhausted: '2', unknown: '1' },
    }
    for (const scope of [
      `workspace=${made.workspace.id}`,
      `connector=${made.connector.id}`,
      `action=${made.action.id}`,
    ]) {
      expect(await rowsOf(`action-metrics.csv?${scope}`)).toMatchObject([expected])
    }
  })

  it('of metrics has a row for each minute, hour or day in which something was done', async () => {
    const at = ['2026-01-05T23:58:10Z', '2026-01-05T23:59:30Z', '2026-01-06T00:01:00Z']
    await countDone(
      app.db,
      at.map((each) => ({ ...owner(), at: each, delivered: 1n, matched: 1n })),
    )
    const starts = async (grain: string) =>
      (await rowsOf(`metrics.csv?action=${made.action.id}&grain=${grain}&from=2026-01-05T00:00:00Z`)).map(
        ({ startUtc, grain: own, success }) => [startUtc, own, success],
      )
    expect(await starts('HOUR')).toEqual([
      ['2026-01-05 23:00:00', 'HOUR', '2'],
      ['2026-01-06 00:00:00', 'HOUR', '1'],
    ])
    expect(await starts('DAY')).toEqual([
      ['2026-01-05 00:00:00', 'DAY', '2'],
      ['2026-01-06 00:00:00', 'DAY', '1'],
    ])
  })

  it('of errors has a row for each class, with a sentence for people', async () => {
    const at = minutesAgo(5)
    await countFailed(app.db, [
      { ...owner(), at, count: 3n },
      {
        ...{
          ...owner(),
          at,
          reporter: 'SLUICE',
          outcome: 'REJECTED',
          code: 'not_json',
          parameterPath: 'body',
        },
        ...{ template: 'Mail', templateLine: 2, templateColumn: 7 },
      },
    ])
    const seen = at.slice(0, 19).replace('T', ' ')
    const rows = [
      {
        ...{
          actionId: made.action.id,
          connectorId: made.connector.id,
          reporter: 'VENDOR',
          outcome: 'REFUSED',
        },
        ...{ code: 'bad_email_subscribe', parameter: '', template: '', templateLine: '', count: '3' },
        ...{ firstSeenUtc: seen, lastSeenUtc: seen },
        message: 'The vendor finds the record itself at fault: bad email subscribe.',
      },
      {
        code: 'not_json',
        reporter: 'SLUICE',
        parameter: 'body',
        template: 'Mail',
        templateLine: '2',
        count: '1',
      },
    ]
    for (const scope of [
      `workspace=${made.workspace.id}`,
      `connector=${made.connector.id}`,
      `action=${made.action.id}`,
    ]) {
      const found = await rowsOf(`action-errors.csv?${scope}`)
      expect(found).toMatchObject(rows)
    }
  })

  it('has nothing in it that a spreadsheet would run, and keeps what people write', async () => {
    const name = `=HYPERLINK("http://example.com","Größe 数 🙂");+1`
    const { revision } = await mutate(app, 'updateConnector', { ...made.connector, name })
    expect(revision).toBeGreaterThan(made.connector.revision)
    const text = await (await ask(ofWorkspace('connector-metrics'))).text()
    expect(text).toContain(`"'=HYPERLINK(""http://example.com"",""Größe 数 🙂"");'+1"`)
  })
})

describe('who asks', () => {
  it.each(names)('for %s may read the workspace, in any role', async (name) => {
    for (const role of roles) {
      const { token } = await addMember(app, made.workspace, role)
      expect((await ask(ofWorkspace(name), withToken(token))).status).toBe(200)
    }
  })

  it.each(names)('for %s of a foreign workspace is told that there is none', async (name) => {
    const elsewhere = await seed(app).workspace().create()
    const { token } = await addMember(app, elsewhere.workspace, 'ADMIN')
    for (const scope of [`workspace=${made.workspace.id}`, `connector=${made.connector.id}`]) {
      const response = await ask(`${name}.csv?${scope}`, withToken(token))
      expect([response.status, await response.json()]).toMatchObject([
        404,
        { errors: [{ extensions: { code: 'not_found' } }] },
      ])
    }
  })

  it('with a token that lacks the scope is told so', async () => {
    const token = createToken()
    const scopes = rights.filter((right) => right !== 'read')
    const { workspaceId } = owner()
    await app.db.apiToken.create({ data: { workspaceId, name: 'writer', scopes, hash: hashToken(token) } })
    const response = await ask(ofWorkspace('metrics'), withToken(token))
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { errors: [{ extensions: { code: 'forbidden' } }] },
    ])
  })

  it.each([
    ['nobody', undefined],
    ['somebody unknown', `Bearer ${createToken()}`],
  ])('as %s gets nothing', async (_who, authorization) => {
    const response = await fetch(`${server.url}/exports/${ofWorkspace('metrics')}`, {
      headers: authorization === undefined ? {} : { authorization },
    })
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { errors: [{ extensions: { code: 'unauthenticated' } }] },
    ])
  })

  it('by a session is let in from a page of ours, and from no other', async () => {
    await app.db.rateLimit.deleteMany()
    const email = 'reader@example.com'
    const invitation = await invite(app, made.workspace, email, 'VIEWER')
    const browser = openBrowser(server.url)
    await browser.post('/auth/sign-up/email', { email, name: 'Ann', password: goodPassword, invitation })
    const path = `/exports/${ofWorkspace('metrics')}`
    expect((await browser.get(path)).status).toBe(200)
    const cookie = browser.cookies()
    const from = (site: string) =>
      fetch(`${server.url}${path}`, { headers: { cookie, 'sec-fetch-site': site } })
    expect([(await from('same-origin')).status, (await from('cross-site')).status]).toEqual([200, 403])
  })
})

describe('what is asked for', () => {
  it('has all its problems told at once, as JSON', async () => {
    const response = await ask('metrics.csv?acton=x&grain=WEEK&from=1')
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toContain('application/json')
    const { errors } = await response.json()
    expect(errors[0].extensions.issues.map(({ code }: { readonly code: string }) => code)).toEqual([
      ...['unrecognized_keys', 'required', 'invalid_format', 'invalid_value'],
    ])
  })

  it('is a file that there is, by GET', async () => {
    expect((await ask('nothing.csv')).status).toBe(404)
    const post = await fetch(`${server.url}/exports/${ofWorkspace('metrics')}`, { method: 'POST' })
    expect(post.status).toBe(404)
  })
})

describe('a long file', () => {
  /** Hours of an action, straight into the table. */
  beforeEach(async () => {
    const { actionId, workspaceId } = owner()
    await app.db.$executeRaw`
      INSERT INTO metric_bucket (action_id, workspace_id, grain, start, matched)
      SELECT ${actionId}::uuid, ${workspaceId}::uuid, 'MINUTE', date_trunc('minute', now()) - make_interval(mins => n), 1
      FROM generate_series(1, 40000) AS n`
  })
  const path = () => `/exports/metrics.csv?action=${made.action.id}&grain=MINUTE&range=PAST_30_DAYS`

  function open(): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get(`${server.url}${path()}`, { headers: withToken(app.token) }, resolve).on('error', reject)
    })
  }

  async function sessions(): Promise<readonly { readonly state: string; readonly query: string }[]> {
    const client = new Client({ connectionString: app.databaseUrl })
    await client.connect()
    const { rows } = await client.query(
      `SELECT state, query FROM pg_stat_activity
       WHERE application_name = 'sluice-export' AND datname = current_database()`,
    )
    await client.end()
    return rows
  }
  const untilFree = () => until('no export is read', async () => (await sessions()).length === 0)

  it('is read to its end, and gives its connection back', async () => {
    const rows = await rowsOf(path().slice('/exports/'.length))
    expect(rows).toHaveLength(40_000)
    await untilFree()
  })

  it('is of one moment, whatever is written meanwhile', async () => {
    const response = await open()
    response.pause()
    await app.db.$executeRaw`UPDATE metric_bucket SET matched = 7 WHERE action_id = ${owner().actionId}::uuid`
    let text = ''
    for await (const piece of response.setEncoding('utf8')) text += piece
    expect(text.trimEnd().split('\r\n')).toHaveLength(40_001)
    expect(text).not.toContain(',7,')
    await untilFree()
  })

  it('is read no further while nobody takes it, and let go of when its reader leaves', async () => {
    const response = await open()
    response.pause()
    await until('the database waits', async () => (await sessions())[0]?.state === 'idle in transaction')
    response.destroy()
    await untilFree()
  })

  it('of a reader that has stopped is broken off, so that it does not look whole', async () => {
    const response = await open()
    response.pause()
    await until('its session was ended', async () => (await sessions()).length === 0, 20_000)
    let rows = 0
    await expect(
      (async () => {
        for await (const piece of response.setEncoding('utf8')) rows += String(piece).split('\r\n').length - 1
      })(),
    ).rejects.toThrow('aborted')
    expect(rows).toBeLessThan(40_001)
    expect(app.log.some((line) => line.includes('An export broke off'))).toBe(true)
  })

  it('is refused while as many as may be are read, and given afterwards', async () => {
    const [one, two] = await Promise.all([open(), open()])
    one.pause()
    two.pause()
    const third = await ask(path().slice('/exports/'.length))
    expect([third.status, await third.json()]).toMatchObject([
      503,
      { errors: [{ extensions: { code: 'too_many_exports' } }] },
    ])
    one.destroy()
    two.destroy()
    await untilFree()
    const fourth = await ask(path().slice('/exports/'.length))
    expect(fourth.status).toBe(200)
    await fourth.text()
  })
})
