/** A small connector for tests of stages: it identifies people, then tracks events with the ids that came back. */
import {
  captured,
  defineAction,
  defineConnector,
  everyPart,
  noAuth,
  type RequestPlan,
  type VendorResponse,
  type Verdict,
  verdict,
  verdictByStatus,
  z,
} from '@sluice/connector-sdk'

const parameters = z.object({
  user: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'invalid_user')
    .meta({ title: 'User', description: 'Who.' }),
  value: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'invalid_event')
    .meta({ title: 'Event', description: 'What happened.' }),
})

/** The vendor knows people by name, and makes those that it does not know. */
const trackEvent = defineAction({
  title: 'Track',
  description: 'Tracks an event of a person.',
  version: 1,
  modes: ['upsert'],
  parameters,
  limits: () => ({ weights: { items: 5 }, bytes: 100_000, onePerRecipient: true }),
  weigh: () => ({ items: 1 }),
  recipient: ({ user }) => user,
  plan: (items) => [
    {
      method: 'POST',
      path: '/identify',
      body: { kind: 'json', value: { names: items.map(({ payload }) => payload.user) } },
      parts: items.map((_, item) => ({ item, part: 0, effect: 'set' })),
    },
    {
      stage: 1,
      method: 'POST',
      path: '/events',
      body: {
        kind: 'json',
        value: {
          events: items.map((item) => ({ person: captured(item, 'personId'), event: item.payload.value })),
        },
      },
      parts: items.map((_, item) => ({ item, part: 1, effect: 'append' })),
    },
  ],
  interpret,
  capture: ({ parts }, response) => parts.map((_, place) => ({ personId: answerOf(response)[place] ?? '' })),
})

/** Makes a list, which must not be made twice, then adds members to it. */
const addToList = defineAction({
  ...trackEvent,
  title: 'Add to a list',
  description: 'Adds people to a list of their own.',
  parameters,
  plan: (items) => [
    {
      method: 'POST',
      path: '/lists',
      parts: items.map((_, item) => ({ item, part: 0, effect: 'append' })),
    },
    ...items.map(
      (one, item): RequestPlan => ({
        stage: 1,
        method: 'PUT',
        path: `/lists/${encodeURIComponent(captured(one, 'listId'))}/${encodeURIComponent(String(one.payload['user']))}`,
        parts: [{ item, part: 1, effect: 'set' }],
      }),
    ),
  ],
  capture: ({ parts }, response) => parts.map(() => ({ listId: answerOf(response)[0] ?? '' })),
})

/** Counts what must not be counted twice, then sets something that hangs on nothing. */
const countThenSet = defineAction({
  ...trackEvent,
  title: 'Count, then set',
  description: 'Counts a visit, then sets the last one.',
  parameters,
  plan: (items) =>
    items.flatMap(({ payload }, item): RequestPlan[] => [
      {
        method: 'POST',
        path: `/visits/${String(payload['user'])}`,
        parts: [{ item, part: 0, effect: 'append' }],
      },
      {
        stage: 1,
        method: 'PUT',
        path: `/last/${String(payload['user'])}/${String(payload['value'])}`,
        parts: [{ item, part: 1, effect: 'set' }],
      },
    ]),
  capture: ({ parts }) => parts.map(() => ({})),
})

const answerSchema = z.object({ answers: z.array(z.string()) })

function answerOf({ json }: VendorResponse): readonly string[] {
  return answerSchema.safeParse(json).data?.answers ?? []
}

/** The vendor answers with one text a part: an id, or what is wrong. */
function interpret(request: RequestPlan, response: VendorResponse): readonly Verdict[] {
  const { data } = answerSchema.safeParse(response.json)
  if (response.status !== 200 || data === undefined) return everyPart(request, verdictByStatus(response))
  return request.parts.map((_, place) => {
    const answer = data.answers[place] ?? data.answers[0]
    if (answer === 'bad') return verdict.refused('bad_person')
    return answer === 'busy' ? verdict.retry('busy') : verdict.delivered
  })
}

export const peopleConnector = defineConnector({
  id: 'people',
  name: 'People',
  api: '^1',
  vendor: 'Test',
  categories: ['Test'],
  icon: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  changelog: [{ version: '1.0.0', date: '2026-11-30', notes: 'Is new.' }],
  docs: {
    summary: 'For tests of stages.',
    requirements: ['Nothing.'],
    links: [{ title: 'People', url: 'https://people.test/docs' }],
  },
  settings: z.object({
    endpoint: z
      .url()
      .meta({ title: 'Endpoint', description: 'Where it is.', examples: ['https://people.test'] }),
  }),
  auth: noAuth,
  baseUrl: ({ endpoint }) => String(endpoint),
  rateLimits: [],
  errorCatalogue: { bad_person: 'data', busy: 'transient' },
  testConnection: {
    plan: () => ({ method: 'GET', path: '/', parts: [] }),
    interpret: (response) => verdictByStatus(response),
  },
  actions: { 'track-event': trackEvent, 'add-to-list': addToList, 'count-then-set': countThenSet },
})
