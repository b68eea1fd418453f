/** A small connector for an audience of hashed addresses: an item adds its recipient, or takes it out. */
import {
  defineAction,
  defineConnector,
  header,
  normalizeEmail,
  type Part,
  type PlannedItem,
  type RequestPlan,
  secret,
  sha256,
  type VendorResponse,
  type Verdict,
  verdict,
  verdictByStatus,
  z,
} from '@sluice/connector-sdk'

/** The vendor takes so many hashes a request. */
const mostHashes = 3

const parameters = z.object({
  email: z
    .string()
    .transform(normalizeEmail)
    .pipe(z.email('invalid_email'))
    .meta({
      title: 'E-mail',
      description: 'Who. It is hashed before it leaves.',
      examples: ['ann@example.com'],
    }),
})
type Member = z.output<typeof parameters>

const createdSchema = z.object({ audience_id: z.string() })
const answerSchema = z.object({ invalid: z.array(z.string()).optional() })

/** Both kinds may stand in one group: adding and taking out are requests of their own. */
function planMembers(items: readonly PlannedItem<Member>[], audience: string): readonly RequestPlan[] {
  const requestFor = (change: PlannedItem<Member>['change']): readonly RequestPlan[] => {
    const places = items.flatMap((item, place) => (item.change === change ? [place] : []))
    if (places.length === 0) return []
    const hashes = places.map((place) => hashOf(items[place]))
    return [
      {
        method: change === 'upsert' ? 'POST' : 'DELETE',
        path: `/audiences/${encodeURIComponent(audience)}/users`,
        body: { kind: 'json', value: { hashes } },
        parts: places.map((item): Part => ({ item, part: 0, effect: 'set' })),
      },
    ]
  }
  return [...requestFor('upsert'), ...requestFor('leave')]
}

function hashOf(item: PlannedItem<Member> | undefined): string {
  return sha256(item?.payload.email ?? '')
}

/** The vendor names the hashes that it does not take. */
function interpretMembers(request: RequestPlan, response: VendorResponse): readonly Verdict[] {
  const read = answerSchema.safeParse(response.json)
  const sent =
    request.body?.kind === 'json' ? z.object({ hashes: z.array(z.string()) }).parse(request.body.value) : null
  if (response.status !== 200 || !read.success || sent === null) {
    return request.parts.map(() => verdictByStatus(response))
  }
  const invalid = new Set(read.data.invalid)
  return sent.hashes.map((hash) => (invalid.has(hash) ? verdict.refused('invalid_hash') : verdict.delivered))
}

export const audienceConnector = defineConnector({
  id: 'audiences',
  name: 'Audiences',
  api: '^1.0.0',
  vendor: 'Audiences',
  categories: ['Advertising'],
  icon: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  changelog: [{ version: '1.0.0', date: '2026-11-30', notes: 'Is new.' }],
  docs: {
    summary: 'Keeps an audience of hashed e-mail addresses.',
    requirements: ['A key that may change audiences.'],
    links: [{ title: 'API', url: 'https://audiences.example/docs' }],
  },
  settings: z.object({
    endpoint: z.url().meta({ title: 'Endpoint', description: 'Where.', examples: ['https://a.example'] }),
    apiKey: secret({ title: 'API key', description: 'A key.' }),
  }),
  auth: header('x-api-key', 'apiKey'),
  baseUrl: ({ endpoint }) => String(endpoint),
  rateLimits: [
    { scope: 'credential', match: '/audiences', requests: 10, perMs: 1_000 },
    { scope: 'credential', match: '/audiences/', requests: 1, atOnce: true, key: ({ path }) => path },
    {
      scope: 'credential',
      match: '/audiences/',
      requests: 500_000,
      perDay: 'America/Los_Angeles',
      cost: ({ parts }) => parts.length,
    },
  ],
  errorCatalogue: { invalid_hash: 'data' },
  testConnection: {
    plan: () => ({ method: 'GET', path: '/me', parts: [] }),
    interpret: (response) => verdictByStatus(response),
  },
  actions: {
    'sync-audience': defineAction({
      title: 'Keep an audience',
      description: 'Adds those who meet the segment to an audience, and takes out those who left it.',
      version: 1,
      modes: ['upsert', 'leave'],
      parameters,
      prepare: {
        outputs: ['audienceId'],
        isDeduplicated: true,
        plan: ({ actionName, key }) => ({
          method: 'POST',
          path: '/audiences',
          body: { kind: 'json', value: { name: actionName, request_id: key } },
          parts: [],
        }),
        interpret(response) {
          const created = createdSchema.safeParse(response.json)
          return created.success
            ? { kind: 'prepared', outputs: { audienceId: created.data.audience_id } }
            : verdictByStatus(response)
        },
      },
      limits: () => ({ weights: { hashes: mostHashes }, bytes: 100_000, onePerRecipient: true }),
      weigh: () => ({ hashes: 1 }),
      recipient: ({ email }) => email,
      plan: (items, { prepared }) => planMembers(items, prepared?.['audienceId'] ?? ''),
      interpret: interpretMembers,
    }),
  },
})
