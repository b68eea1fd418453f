/** A small connector for tests of batches: its vendor takes a batch whole or not at all, and names one item that is to blame. */
import {
  type Connector,
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

const upsertPeople = defineAction({
  title: 'Upsert people',
  description: 'Adds people, or changes them.',
  version: 1,
  modes: ['upsert'],
  parameters: z.object({
    user: z.string().max(200).meta({ title: 'User', description: 'Who.' }),
    value: z.string().max(200).meta({ title: 'Value', description: 'What is known.' }),
  }),
  limits: () => ({ weights: { people: 100 }, bytes: 100_000, onePerRecipient: true }),
  weigh: () => ({ people: 1 }),
  recipient: ({ user }) => user,
  plan: (items) => [
    {
      method: 'POST',
      path: '/people/batch',
      body: { kind: 'json', value: { people: items.map(({ payload }) => payload) } },
      parts: items.map((_, item) => ({ item, part: 0, effect: 'set' })),
    },
  ],
  interpret,
})

const sentSchema = z.object({ value: z.object({ people: z.array(z.object({ user: z.string() })) }) })
const duplicateSchema = z.object({ error: z.literal('duplicate'), user: z.string() })

/** One of the batch is a duplicate: the others were not taken either, and go out without it. */
function interpret(request: RequestPlan, response: VendorResponse): readonly Verdict[] {
  const named = response.status === 400 ? duplicateSchema.safeParse(response.json).data?.user : undefined
  const { people = [] } = sentSchema.safeParse(request.body).data?.value ?? {}
  const isNamed = people.map(({ user }) => user === named)
  if (!isNamed.includes(true)) return everyPart(request, verdictByStatus(response))
  return request.parts.map(({ item }) =>
    isNamed[item] === true ? verdict.refused('duplicate') : verdict.refusedWhole('duplicate'),
  )
}

export const upsertConnector: Connector = defineConnector({
  id: 'upsert',
  name: 'Upsert',
  api: '^1',
  vendor: 'Upsert',
  categories: ['Test'],
  icon: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  changelog: [{ version: '1.0.0', date: '2026-11-30', notes: 'Is new.' }],
  docs: {
    summary: 'Takes batches whole or not at all.',
    requirements: ['Its address.'],
    links: [{ title: 'Documentation', url: 'https://vendor.test' }],
  },
  settings: z.object({
    endpoint: z.url().meta({ title: 'Endpoint', description: 'Where the vendor is.' }),
  }),
  auth: noAuth,
  baseUrl: ({ endpoint }) => String(endpoint),
  rateLimits: [],
  errorCatalogue: { duplicate: 'data' },
  testConnection: {
    plan: () => ({ method: 'GET', path: '/people/batch', parts: [] }),
    interpret: verdictByStatus,
  },
  actions: { 'upsert-people': upsertPeople },
})
