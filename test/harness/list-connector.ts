/** A small connector whose actions need a list of their own at the vendor, which `prepare` creates. */
import {
  bearer,
  defineAction,
  defineConnector,
  type LiveChoices,
  type Prepare,
  secret,
  verdict,
  verdictByStatus,
  z,
} from '@sluice/connector-sdk'

const parameters = z.object({
  email: z.string().max(200, 'too_long').meta({ title: 'E-mail', description: 'Who.' }),
  origin: z
    .string()
    .max(200, 'too_long')
    .optional()
    .meta({ title: 'Origin', description: 'Where the member comes from.' }),
})

const createdSchema = z.object({ id: z.string() })
const listsSchema = z.object({ lists: z.array(createdSchema), more: z.string().optional() })

const prepare: Prepare = {
  outputs: ['listId'],
  plan: ({ actionName, key }) => ({
    method: 'POST',
    path: '/lists',
    headers: { 'idempotency-key': key },
    body: { kind: 'json', value: { name: actionName } },
    parts: [],
  }),
  interpret(response) {
    if (response.status === 409) return verdict.refused('too_many_lists')
    const created = createdSchema.safeParse(response.json)
    return created.success
      ? { kind: 'prepared', outputs: { listId: created.data.id } }
      : verdictByStatus(response)
  },
}

const origins: LiveChoices = {
  plan: ({ cursor }) => ({
    method: 'GET',
    path: '/lists',
    ...(cursor === null ? {} : { query: { after: cursor } }),
    parts: [],
  }),
  interpret(response) {
    const read = listsSchema.safeParse(response.json)
    if (!read.success) return verdictByStatus(response)
    const { lists, more } = read.data
    const choices = lists.map(({ id }) => ({ id, label: `List ${id}` }))
    return more === undefined ? { kind: 'choices', choices } : { kind: 'choices', choices, next: more }
  },
}

function addMember(given: Prepare) {
  return defineAction({
    title: 'Add a member',
    description: 'Adds a member to the list of this action.',
    version: 2,
    // Version 1 called it `mail`.
    migrations: {
      1: (mappings) =>
        mappings.map((each) => (each.parameter === 'mail' ? { ...each, parameter: 'email' } : each)),
    },
    modes: ['upsert'],
    parameters,
    choices: { origin: origins },
    prepare: given,
    limits: () => ({ weights: { members: 10 }, bytes: 100_000, onePerRecipient: true }),
    weigh: () => ({ members: 1 }),
    recipient: ({ email }) => email,
    plan(items, { prepared }) {
      if (items.length === 0) return []
      const members = items.map(({ payload }) => ({ ...payload }))
      return [
        {
          method: 'POST',
          path: `/lists/${encodeURIComponent(prepared?.['listId'] ?? '')}/members`,
          body: { kind: 'json', value: { members } },
          parts: items.map((_, item) => ({ item, part: 0, effect: 'set' })),
        },
      ]
    },
  })
}

export const listConnector = defineConnector({
  id: 'lists',
  name: 'Lists',
  api: '^1',
  vendor: 'Lists',
  categories: ['Test'],
  icon: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  changelog: [{ version: '1.0.0', date: '2026-11-30', notes: 'Is new.' }],
  docs: {
    summary: 'For tests of preparations and choices.',
    requirements: ['An API key.'],
    links: [{ title: 'Lists', url: 'https://lists.test/docs' }],
  },
  settings: z.object({
    endpoint: z.url().meta({ title: 'Endpoint', description: 'Where.' }),
    apiKey: secret({ title: 'API key', description: 'A key.' }),
  }),
  auth: bearer('apiKey'),
  baseUrl: ({ endpoint }) => String(endpoint),
  rateLimits: [{ scope: 'credential', match: ['/lists', '/me'], requests: 100, perMs: 1_000 }],
  errorCatalogue: { too_many_lists: 'limit' },
  testConnection: {
    plan: () => ({ method: 'GET', path: '/me', parts: [] }),
    interpret: (response) => verdictByStatus(response),
  },
  actions: {
    'add-member': addMember(prepare),
    // The vendor knows a list by the key that it was created with.
    'add-member-once': addMember({ ...prepare, isDeduplicated: true }),
  },
})
