/** That the suite would notice: a connector that passes, broken in one way after the other. */
import {
  type ActionDefinition,
  type Connector,
  type ConnectorDefinition,
  defineAction,
  defineConnector,
  type LiveChoices,
  noAuth,
  type Prepare,
  type Prepared,
  type RateLimit,
  type RequestPlan,
  secret,
  verdict,
  verdictByStatus,
  z,
} from '@sluice/connector-sdk'
import { describe, expect, it } from 'vitest'
import { checkAnswers, checkTestConnection } from './check-answers.ts'
import { checkJob, checkStages } from './check-later.ts'
import { checkPage } from './check-page.ts'
import { checkDeterminism, checkParts, checkRequests, checkWeights } from './check-plan.ts'
import { checkQuestions } from './check-questions.ts'
import { checkRateLimits } from './check-rate-limits.ts'
import { checkValues } from './check-values.ts'
import { conformance } from './conformance.ts'
import type { Payload, Subject } from './subject.ts'

const settings = { endpoint: 'https://api.acme.example' }
const payloads: readonly Payload[] = [{ id: '1' }, { id: '2', born: '1990-05-28' }, { id: '3' }]

const fields = {
  id: z.string().min(1, 'id_missing').meta({ title: 'Id', description: 'Your id of the user.' }),
  born: z.string().nullish().meta({ title: 'Born', description: 'A day.' }),
}

const labels = { title: 'Age', description: 'In years.' }

const working: ActionDefinition = defineAction({
  title: 'Add user',
  description: 'Adds a user.',
  version: 1,
  modes: ['upsert'],
  parameters: z.object(fields),
  limits: () => ({ weights: { users: 2 }, bytes: 1_000_000, onePerRecipient: false }),
  weigh: () => ({ users: 1 }),
  recipient: ({ id }) => id,
  plan: (items) => [
    {
      method: 'POST',
      path: '/users',
      body: {
        kind: 'json',
        value: items.map(({ payload: { born, id } }) => ({ id, ...(born ? { born } : {}) })),
      },
      parts: items.map((_, item) => ({ item, part: 0, effect: 'set' })),
    },
  ],
})

function acme(changes: Partial<ConnectorDefinition> = {}, action: Partial<ActionDefinition> = {}): Connector {
  return defineConnector({
    id: 'acme',
    name: 'Acme',
    api: '^1.0.0',
    vendor: 'Acme',
    categories: ['Examples'],
    icon: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    changelog: [{ version: '1.0.0', date: '2026-11-30', notes: 'Is new.' }],
    docs: {
      summary: 'Keeps users at Acme.',
      requirements: ['An account.'],
      links: [{ title: 'Acme: users', url: 'https://acme.example/docs' }],
    },
    settings: z.object({
      endpoint: z.url().meta({ title: 'Endpoint', description: 'Where it is.' }),
      apiKey: secret({ title: 'Key', description: 'Its key.' }),
    }),
    auth: noAuth,
    baseUrl: ({ endpoint }) => String(endpoint),
    rateLimits: [],
    errorCatalogue: { user_unknown: 'data' },
    testConnection: {
      plan: () => ({ method: 'GET', path: '/me', parts: [] }),
      interpret: (response) => verdictByStatus(response),
    },
    actions: { 'add-user': { ...working, ...action } },
    ...changes,
  })
}

conformance(acme(), { settings, payloads: { 'add-user': payloads } })

function subject(action: Partial<ActionDefinition>, changes: Partial<ConnectorDefinition> = {}): Subject {
  const connector = acme(changes, action)
  return { connector, type: 'add-user', action: { ...working, ...action }, settings, payloads }
}

type Plan = ActionDefinition['plan']
const each = (change: (request: RequestPlan, group: Parameters<Plan>[0]) => RequestPlan): Plan => {
  return (items, context) => working.plan(items, context).map((request) => change(request, items))
}
const valued = (value: () => unknown): Plan =>
  each((request) => ({ ...request, body: { kind: 'json', value: value() as never } }))

describe('a plan', () => {
  it.each<[string, Plan]>([
    ['reads the clock', valued(() => Date.now())],
    ['throws dice', valued(() => Math.random())],
    ['depends on the time zone', valued(() => new Date(2026, 4, 28).toISOString())],
  ])('that %s is another one each time', (_, plan) => {
    expect(checkDeterminism(subject({ plan }))).toHaveLength(_ === 'depends on the time zone' ? 2 : 3)
  })

  it('that changes what it is given throws', () => {
    const plan: Plan = (items, context) => {
      for (const { payload } of items) Object.assign(payload, { seen: true })
      return working.plan(items, context)
    }
    expect(() => checkDeterminism(subject({ plan }))).toThrow(TypeError)
  })

  it('that asks for a secret is told that it gets none', () => {
    const plan: Plan = (items, context) =>
      working.plan(items, { ...context, now: Number(context.settings['apiKey']) })
    expect(() => checkParts(subject({ plan }))).toThrow('apiKey')
  })

  it.each<[string, Plan, RegExp]>([
    [
      'leaves an item out',
      each((request) => ({ ...request, parts: request.parts.slice(1) })),
      /in no request/,
    ],
    [
      'carries an item twice',
      each((request) => ({ ...request, parts: [...request.parts, ...request.parts] })),
      /must stand once/,
    ],
    [
      'counts parts from 1',
      each((request) => ({ ...request, parts: request.parts.map((part) => ({ ...part, part: 1 })) })),
      /counted from 0/,
    ],
    [
      'names an item that is not there',
      each((request) => ({ ...request, parts: [...request.parts, { item: 9, part: 0, effect: 'set' }] })),
      /names item 9/,
    ],
    [
      'forgets those who leave',
      (items, context) => {
        const stays = (request: RequestPlan) =>
          request.parts.filter(({ item }) => items[item]?.change === 'upsert')
        return working.plan(items, context).map((request) => ({ ...request, parts: stays(request) }))
      },
      /in no request/,
    ],
    [
      'makes an empty request',
      (items, context) => [
        ...working.plan(items, context),
        { ...working.plan(items, context)[0], parts: [] } as RequestPlan,
      ],
      /carries no part/,
    ],
  ])('that %s is noticed', (_, plan, problem) => {
    expect(checkParts(subject({ plan, modes: ['upsert', 'leave'] })).join()).toMatch(problem)
  })

  it.each<[string, Plan, RegExp]>([
    ['leads elsewhere', each((request) => ({ ...request, path: '@elsewhere.example/' })), /another host/],
    ['has NaN in a body', valued(() => ({ age: Number.NaN })), /JSON cannot say/],
    ['is too large', valued(() => 'x'.repeat(1_000_001)), /more bytes/],
  ])('whose request %s is noticed', (_, plan, problem) => {
    expect(checkRequests(subject({ plan })).join()).toMatch(problem)
  })
})

it.each<[string, Partial<ActionDefinition>]>([
  ['nothing', { weigh: () => ({ users: 0 }) }],
  ['in other units', { weigh: () => ({ items: 1 }) }],
  ['no number', { weigh: () => ({ users: Number.NaN }) }],
])('an item that weighs %s is noticed', (_, action) => {
  expect(checkWeights(subject(action))).not.toEqual([])
})

describe('a rate limit', () => {
  const limit: RateLimit = { scope: 'credential', match: '/users', requests: 2, perMs: 1_000 }
  const found = (...rateLimits: readonly RateLimit[]) => checkRateLimits(subject({}, { rateLimits })).join()

  it('passes where every request that it is for can be counted', () => {
    const day = { scope: 'credential', match: ['/lists', '/users'], requests: 2, perDay: 'UTC' } as const
    const never = () => Number.NaN
    expect(
      found(
        { ...day, key: ({ path }) => path, cost: ({ parts }) => parts.length },
        { ...limit, match: '/lists', cost: never },
      ),
    ).toBe('')
  })

  let seen = 0
  it.each<[string, Partial<RateLimit>, RegExp]>([
    ['throws', { cost: () => JSON.parse('{') }, /rateLimits.0: it cannot count a POST of \/users/],
    ['counts something that is no number', { cost: () => Number.NaN }, /no number from 0/],
    ['has a key that is no text', { key: () => 7 as never }, /key is no text/],
    [
      'lets a group within the limits never pass',
      { cost: ({ parts }) => parts.length + 1 },
      /costs 3, and 2/,
    ],
    ['counts otherwise each time', { key: () => String(++seen) }, /differently the second time/],
    [
      'cannot count the connection test',
      { match: '/me', cost: ({ parts }) => parts.length - 1 },
      /no number from 0/,
    ],
  ])('that %s is noticed', (_, changes, problem) => {
    expect(found({ ...limit, ...changes } as RateLimit)).toMatch(problem)
  })
})

describe('a reading of answers', () => {
  it.each<[string, NonNullable<ActionDefinition['interpret']>, RegExp]>([
    ['throws', () => JSON.parse('{'), /throws/],
    ['forgets parts', () => [verdict.delivered], /1 verdicts for 2/],
    ['believes a failure', ({ parts }) => parts.map(() => verdict.delivered), /503 counts as delivered/],
    [
      'gives up what may work later',
      ({ parts }) => parts.map(() => verdict.refused('http_500')),
      /503 is refused/,
    ],
    [
      'makes up codes',
      ({ parts }) => parts.map(() => verdict.refused('what_is_this')),
      /not in the error catalogue/,
    ],
    [
      'goes by numbers that the vendor makes up',
      ({ parts }, { json, ...answer }) => {
        const verdicts = parts.map(() => verdictByStatus(answer))
        const errors = (json as { errors?: unknown } | null | undefined)?.errors
        for (const error of Array.isArray(errors) ? errors : []) {
          const index = (error as { index?: unknown } | null)?.index
          if (answer.status < 300 && typeof index === 'number')
            verdicts[index] = verdict.refused('user_unknown')
        }
        return verdicts
      },
      /verdicts for|no verdict/,
    ],
    [
      'waits for ever',
      ({ parts }, answer) =>
        parts.map(() =>
          answer.status === 429
            ? verdict.throttled(Number(answer.headers['retry-after'] ?? 0) * 1000)
            : verdictByStatus(answer),
        ),
      /throttled for/,
    ],
    ['gives something else', ({ parts }) => parts.map(() => ({ kind: 'fine' }) as never), /no verdict/],
  ])('that %s is noticed', (_, interpret, problem) => {
    expect(checkAnswers(subject({ interpret })).join()).toMatch(problem)
  })

  it('of the connection test that lets a wrong key pass is noticed', () => {
    const testConnection = { plan: acme().testConnection.plan, interpret: () => verdict.delivered }
    const problems = checkTestConnection({ connector: acme({ testConnection }), settings })
    expect(problems.join()).toMatch(/401 is delivered and not setup/)
  })
})

describe('what is asked beside deliveries', () => {
  const plan = (): RequestPlan => ({ method: 'GET', path: '/lists', parts: [] })
  const id: LiveChoices = { plan, interpret: (response) => verdictByStatus(response) }
  const prepare: Prepare = { outputs: ['listId'], plan, interpret: (response) => verdictByStatus(response) }
  const prepared = (outputs: object) => () => ({ kind: 'prepared', outputs }) as Prepared

  it('passes where all of it is read', () => {
    expect(checkQuestions(subject({ choices: { id }, prepare }))).toEqual([])
  })

  it.each<[string, Partial<ActionDefinition>, RegExp]>([
    [
      'carries items',
      {
        choices: { id: { ...id, plan: () => ({ ...plan(), parts: [{ item: 0, part: 0, effect: 'set' }] }) } },
      },
      /choices.id: its request carries parts/,
    ],
    ['leads elsewhere', { prepare: { ...prepare, plan: () => ({ ...plan(), path: '@b/' }) } }, /elsewhere/],
    [
      'is another one each time',
      { prepare: { ...prepare, plan: () => ({ ...plan(), path: `/${Math.random()}` }) } },
      /second time/,
    ],
    ['throws', { choices: { id: { ...id, interpret: () => JSON.parse('{') } } }, /throws for an answer 200/],
    [
      'believes a failure',
      { prepare: { ...prepare, interpret: prepared({ listId: 'l' }) } },
      /503 counts as delivered/,
    ],
    ['lacks an output', { prepare: { ...prepare, interpret: prepared({}) } }, /outputs are not listId/],
    [
      'has a choice without an id',
      {
        choices: { id: { ...id, interpret: () => ({ kind: 'choices', choices: [{ id: '', label: 'A' }] }) } },
      },
      /lacks its id/,
    ],
  ])('and %s is noticed', (_, action, problem) => {
    expect(checkQuestions(subject(action)).join()).toMatch(problem)
  })
})

describe('odd values', () => {
  it.each<[string, Partial<ActionDefinition>, RegExp]>([
    ['make the plan throw', { recipient: ({ born }) => String(born).slice(5).repeat(-1) }, /throws/],
    [
      'are repeated in a message',
      {
        parameters: z.object({
          ...fields,
          id: z.string().refine((id) => id.length < 3, { error: ({ input }) => `Too long: ${input}` }),
        }),
      },
      /repeats the value/,
    ],
    [
      'make the check throw',
      { parameters: z.object({ ...fields, id: z.unknown().transform((id) => (id as string).trim()) }) },
      /The check of the parameters throws/,
    ],
  ])('that %s are noticed', (_, action, problem) => {
    expect(checkValues(subject(action)).join()).toMatch(problem)
  })
})

it.each<[string, Connector, RegExp]>([
  ['a summary', acme({ docs: { ...acme().docs, summary: ' ' } }), /summary is missing/],
  ['requirements', acme({ docs: { ...acme().docs, requirements: [] } }), /account needs is missing/],
  ['links', acme({ docs: { ...acme().docs, links: [] } }), /link .* is missing/],
  ['an icon', acme({ icon: '' }), /icon is missing/],
  ['a changelog', acme({ changelog: [] }), /changelog, is missing/],
  ['a category', acme({ categories: [] }), /category is missing/],
  ['the title of an action', acme({}, { title: '' }), /title of "add-user" is missing/],
  ['labels', acme({}, { parameters: z.object({ id: z.string() }) }), /"id" of "add-user" needs a title/],
  [
    'the field that another depends on',
    acme(
      {},
      { parameters: z.object({ ...fields, age: z.number().meta({ ...labels, when: { kind: ['a'] } }) }) },
    ),
    /"age" of "add-user" depends on "kind"/,
  ],
])('a page without %s is noticed', (_, connector, problem) => {
  expect(checkPage(connector).join()).toMatch(problem)
})

describe('what comes later', () => {
  const throws = () => {
    throw new Error('odd')
  }
  const staged =
    (stage: number): ActionDefinition['plan'] =>
    (items, context) =>
      working.plan(items, context).map((request) => ({ ...request, stage }))

  it('passes where there are stages, captures and jobs as they should be', () => {
    const capture: ActionDefinition['capture'] = ({ parts }) => parts.map(() => ({ id: 'x' }))
    expect(checkStages(subject({ plan: staged(9), capture }))).toEqual([])
    expect(checkJob(subject({ job }))).toEqual([])
  })

  it.each<[string, Partial<ActionDefinition>, RegExp]>([
    ['a stage that is none', { plan: staged(0.5) }, /no whole number/],
    ['a stage beyond the last', { plan: staged(10) }, /no whole number/],
    ['a capture that throws', { capture: throws }, /capture throws/],
    ['a capture with too few records', { capture: () => [] }, /gives 0 records/],
  ])('notices %s', (_, action, problem) => {
    expect(checkStages(subject(action)).join()).toMatch(problem)
  })

  const plan = () => ({ method: 'GET', path: '/jobs/1', parts: [] }) as const
  const job: NonNullable<ActionDefinition['job']> = {
    submit: () => 'job-1',
    poll: { plan, interpret: () => ({ kind: 'done' }) },
    collect: { plan, interpret: () => [] },
  }
  it.each<[string, Partial<ActionDefinition>, RegExp]>([
    ['an upload with a stage', { job, plan: staged(1) }, /with a stage/],
    [
      'an item in two uploads',
      { job, plan: (items, context) => [0, 1].flatMap(() => working.plan(items, context)) },
      /several requests/,
    ],
    ['a handle that throws', { job: { ...job, submit: throws } }, /submit throws/],
    [
      'a job that cannot be asked',
      { job: { ...job, poll: { ...job.poll, plan: throws } } },
      /cannot be asked/,
    ],
    ['an answer it cannot read', { job: { ...job, poll: { plan, interpret: throws } } }, /poll throws/],
    [
      'a state that is none',
      { job: { ...job, poll: { plan, interpret: () => ({ kind: 'odd' }) as never } } },
      /neither running/,
    ],
    ['results it cannot read', { job: { ...job, collect: { plan, interpret: throws } } }, /collect throws/],
    [
      'a code that nobody declared',
      {
        job: {
          ...job,
          poll: { plan, interpret: () => ({ kind: 'failed', verdict: verdict.retry('odd_code') }) },
        },
      },
      /odd_code/,
    ],
  ])('notices %s', (_, action, problem) => {
    expect(checkJob(subject(action)).join()).toMatch(problem)
  })
})
