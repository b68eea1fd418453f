/** A small connector for tests of delivering: one action sets users, the others append events. */
import {
  bearer,
  defineAction,
  defineConnector,
  type Effect,
  everyPart,
  type RequestPlan,
  secret,
  type VendorResponse,
  type Verdict,
  verdict,
  verdictByStatus,
  z,
} from '@sluice/connector-sdk'

/** How many items one request may carry. */
export const mostItems = 5

const parameters = z.object({
  user: z.string().meta({ title: 'User', description: 'Who.' }),
  value: z.string().meta({ title: 'Value', description: 'What.' }),
})
type Payload = z.output<typeof parameters>

/** How the vendor keeps an event from counting twice. */
type Deduplication = 'by-key' | 'by-request'
/** Where the host puts the hash by which the vendor knows an identical request. */
export const deduplicationHeader = 'idempotency-key'

function action(path: string, effect: Effect, deduplication?: Deduplication) {
  const byKey = deduplication === 'by-key' ? ({ isDeduplicated: true } as const) : {}
  const byRequest = deduplication === 'by-request' ? { deduplicationHeader } : {}
  return defineAction({
    title: 'Add',
    description: 'Adds.',
    version: 1,
    modes: ['upsert'],
    parameters,
    limits: () => ({ weights: { items: mostItems }, bytes: 100_000, onePerRecipient: true }),
    weigh: () => ({ items: 1 }),
    recipient: ({ user }: Payload) => user,
    plan(items) {
      if (items.length === 0) return []
      return [
        {
          method: 'POST',
          path,
          body: { kind: 'json', value: { items: items.map(({ payload, key }) => ({ ...payload, key })) } },
          ...byRequest,
          parts: items.map((_, item) => ({ item, part: 0, effect, ...byKey })),
        },
      ]
    },
    interpret,
  })
}

const answerSchema = z.object({ results: z.array(z.string()) })

/** The vendor answers 200 with one word an item. */
function interpret(request: RequestPlan, response: VendorResponse): readonly Verdict[] {
  if (response.status !== 200) return everyPart(request, verdictByStatus(response))
  return answerSchema.parse(response.json).results.map(verdictOf)
}

function verdictOf(word: string): Verdict {
  switch (word) {
    case 'ok':
      return verdict.delivered
    case 'warned':
      return verdict.deliveredWithWarning('odd_user')
    case 'bad':
      return verdict.refused('bad_user')
    case 'busy':
      return verdict.retry('busy')
    case 'suspended':
      // A careless connector: what the vendor says may hold a value.
      return verdict.setup('ann@example.com is suspended')
    default:
      return verdict.unknown('unheard_of')
  }
}

export const testConnector = defineConnector({
  id: 'test',
  name: 'Test',
  api: '^1',
  vendor: 'Test',
  categories: [],
  docs: { summary: 'For tests.', requirements: [], links: [] },
  settings: z.object({ apiKey: secret({ title: 'API key', description: 'A key.' }) }),
  auth: bearer('apiKey'),
  baseUrl: () => 'https://vendor.test',
  rateLimits: [],
  errorCatalogue: { bad_user: 'data', busy: 'transient', odd_user: 'data' },
  testConnection: {
    plan: () => ({ method: 'GET', path: '/', parts: [] }),
    interpret: () => verdict.delivered,
  },
  actions: {
    'set-user': action('/users', 'set'),
    'add-event': action('/events', 'append'),
    'add-event-by-key': action('/events', 'append', 'by-key'),
    'add-event-by-request': action('/events', 'append', 'by-request'),
  },
})
