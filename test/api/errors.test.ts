/** What went wrong in a range of time, class by class: of an action, and of a connector with all its actions. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decodeGlobalId } from '../../server/graphql/global-id.ts'
import { createTestApp, type TestApp } from '../harness/app.ts'
import { countFailed, type Failed } from '../harness/error-buckets.ts'
import { countDone } from '../harness/metric-buckets.ts'
import { seed } from '../harness/seed.ts'

let app: TestApp
let made: Awaited<ReturnType<typeof configured>>
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  made = await configured()
})

const configured = () => seed(app).workspace().csvSource().segment().connector().action().create()

const rowId = ({ id }: { readonly id: string }) => decodeGlobalId(id).id

function fail(...failed: readonly Partial<Failed>[]): Promise<void> {
  const owner = { actionId: rowId(made.action), workspaceId: rowId(made.workspace) }
  return countFailed(
    app.db,
    failed.map((each) => ({ ...owner, at: minutesAgo(5), ...each })),
  )
}

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString()
}
const hoursAgo = (hours: number) => minutesAgo(60 * hours)

const fields = `from to count classCount
  classes {
    pageInfo { hasNextPage endCursor }
    edges {
      node {
        code message reporter outcome parameterPath templatePlace { template line column } count firstSeenAt lastSeenAt
      }
    }
  }`
const document = `query ($id: ID!, $range: TimeRangeInput, $first: Int, $after: String) {
  action(id: $id) { errors(range: $range, first: $first, after: $after) { ${fields} } }
}`

async function errorsOf(variables: object = {}) {
  const { data, errors } = await app.ask(document, { id: made.action.id, ...variables })
  expect(errors).toBeUndefined()
  return data.action.errors
}

const nodesOf = (report: { classes: { edges: { node: Record<string, unknown> }[] } }) =>
  report.classes.edges.map(({ node }) => node)

describe('the errors of an action', () => {
  it('are none where nothing went wrong', async () => {
    expect(await errorsOf()).toMatchObject({
      count: 0,
      classCount: 0,
      classes: { edges: [], pageInfo: { hasNextPage: false } },
    })
  })

  it('tell class, reporter, place and times, the most frequent first, with a sentence for people', async () => {
    const first = minutesAgo(50)
    const last = minutesAgo(3)
    await fail(
      { count: 2n, at: first },
      { count: 3n, at: last },
      { outcome: 'EXHAUSTED', code: 'http_503', count: 9n },
      { reporter: 'SLUICE', outcome: 'REJECTED', code: 'invalid_email', parameterPath: 'email' },
      {
        ...{ reporter: 'SLUICE', outcome: 'REJECTED', code: 'not_json', parameterPath: 'body', count: 4n },
        ...{ template: 'Mail', templateLine: 2, templateColumn: 7 },
      },
    )
    const report = await errorsOf()
    expect(report).toMatchObject({ count: 19, classCount: 4 })
    expect(nodesOf(report)).toMatchObject([
      {
        ...{ code: 'http_503', reporter: 'VENDOR', outcome: 'EXHAUSTED', count: 9, parameterPath: null },
        ...{ message: 'The vendor answered with HTTP status 503.', templatePlace: null },
      },
      {
        ...{
          code: 'bad_email_subscribe',
          outcome: 'REFUSED',
          count: 5,
          firstSeenAt: first,
          lastSeenAt: last,
        },
        message: 'The vendor finds the record itself at fault: bad email subscribe.',
      },
      { code: 'not_json', parameterPath: 'body', templatePlace: { template: 'Mail', line: 2, column: 7 } },
      { code: 'invalid_email', reporter: 'SLUICE', outcome: 'REJECTED', parameterPath: 'email', count: 1 },
    ])
  })

  it('are those of the range that is told, counted as its metrics are', async () => {
    const owner = { actionId: rowId(made.action), workspaceId: rowId(made.workspace) }
    const moments = [0.1, 20, 30, 6 * 24, 20 * 24, 40 * 24, 300 * 24].map(hoursAgo)
    for (const [index, at] of moments.entries()) {
      await fail({ at, count: BigInt(10 ** index) })
      await countDone(app.db, [
        { ...owner, at, matched: 10n ** BigInt(index), refused: 10n ** BigInt(index) },
      ])
    }
    const counted = async (range: object) => {
      const { data } = await app.ask(
        `query ($id: ID!, $range: TimeRangeInput) {
          action(id: $id) { errors(range: $range) { from count } trend(range: $range) { total { errors } } }
        }`,
        { id: made.action.id, range },
      )
      expect(data.action.errors.count).toBe(data.action.trend.total.errors)
      return data.action.errors.count
    }
    expect(await counted({ name: 'PAST_24_HOURS' })).toBe(11)
    expect(await counted({ name: 'PAST_7_DAYS' })).toBe(1_111)
    expect(await counted({ name: 'PAST_30_DAYS' })).toBe(11_111)
    expect(await counted({ from: hoursAgo(31), to: hoursAgo(19) })).toBe(110)
    expect(await counted({ from: hoursAgo(350 * 24) })).toBe(1_111_111)
    const { from, to } = await errorsOf({ range: { from: hoursAgo(31), to: hoursAgo(19) } })
    expect(Date.parse(from)).toBeLessThanOrEqual(Date.parse(hoursAgo(31)) + 1_000)
    expect(Date.parse(to)).toBeGreaterThan(Date.parse(hoursAgo(19)) - 1_000)
  })

  it('come page by page, with how many there are', async () => {
    await fail(
      ...Array.from({ length: 7 }, (_, index) => ({ code: `http_40${index}`, count: BigInt(9 - index) })),
    )
    const first = await errorsOf({ first: 3 })
    expect(first).toMatchObject({ count: 42, classCount: 7, classes: { pageInfo: { hasNextPage: true } } })
    expect(nodesOf(first).map(({ code }) => code)).toEqual(['http_400', 'http_401', 'http_402'])
    const second = await errorsOf({ first: 3, after: first.classes.pageInfo.endCursor })
    expect(nodesOf(second).map(({ code }) => code)).toEqual(['http_403', 'http_404', 'http_405'])
    const third = await errorsOf({ first: 3, after: second.classes.pageInfo.endCursor })
    expect(third.classes.pageInfo.hasNextPage).toBe(false)
    const beyond = await errorsOf({ first: 3, after: third.classes.pageInfo.endCursor })
    expect(beyond).toMatchObject({ count: 42, classCount: 7, classes: { edges: [] } })
  })

  it('are refused for a range that is none', async () => {
    const range = { from: minutesAgo(1), to: minutesAgo(10) }
    const { errors } = await app.ask(document, { id: made.action.id, range })
    expect(errors?.[0]?.extensions?.['code']).toBe('invalid_input')
  })
})

describe('the errors of a connector', () => {
  it('are those of all its actions together', async () => {
    const { db } = app
    const {
      id: _id,
      name,
      ...copied
    } = await db.action.findUniqueOrThrow({ where: { id: rowId(made.action) } })
    const second = await db.action.create({
      data: { ...copied, name: `${name} 2`, mappings: [], templateVariables: [] },
    })
    await fail({ count: 2n }, { count: 3n, actionId: second.id }, { code: 'http_500', actionId: second.id })
    const { data } = await app.ask(
      `query ($id: ID!) {
        connector(id: $id) { errors { ${fields} } actions { errors(first: 1) { count classes { edges { node { code } } } } } }
      }`,
      { id: made.connector.id },
    )
    expect(data.connector.errors).toMatchObject({ count: 6, classCount: 2 })
    expect(nodesOf(data.connector.errors)).toMatchObject([
      { code: 'bad_email_subscribe', count: 5 },
      { code: 'http_500', count: 1 },
    ])
    expect(data.connector.actions.map((each: { errors: { count: number } }) => each.errors.count)).toEqual([
      2, 4,
    ])
  })
})
