/** A small connector for tests of jobs: it uploads users, asks how far the job is, and collects what was wrong. */
import {
  defineAction,
  defineConnector,
  type Effect,
  everyPart,
  noAuth,
  type VendorResponse,
  verdict,
  verdictByStatus,
  z,
} from '@sluice/connector-sdk'

const parameters = z.object({
  user: z.string().max(100, 'too_long').meta({ title: 'User', description: 'Who.' }),
  value: z.string().max(100, 'too_long').meta({ title: 'Value', description: 'What.' }),
})
const jobSchema = z.object({ job: z.string() })
const stateSchema = z.object({ state: z.string(), again: z.number().optional() })
const errorsSchema = z.object({ errors: z.array(z.object({ row: z.number() })) })

function upload(effect: Effect) {
  return defineAction({
    title: 'Upload',
    description: 'Uploads users.',
    version: 1,
    modes: ['upsert'],
    parameters,
    limits: () => ({ weights: { rows: 50 }, bytes: 100_000, onePerRecipient: true }),
    weigh: () => ({ rows: 1 }),
    recipient: ({ user }) => user,
    plan: (items) => [
      {
        method: 'POST',
        path: '/jobs',
        body: { kind: 'json', value: { rows: items.map(({ payload }) => payload) } },
        parts: items.map((_, item) => ({ item, part: 0, effect })),
      },
    ],
    interpret: (request, response) =>
      everyPart(request, response.status === 202 ? verdict.accepted : verdictByStatus(response)),
    job: {
      submit: (_, { json }) => jobSchema.safeParse(json).data?.job,
      poll: {
        plan: (handle) => ({ method: 'GET', path: `/jobs/${encodeURIComponent(handle)}`, parts: [] }),
        interpret: stateOf,
      },
      collect: {
        plan: (handle) => ({ method: 'GET', path: `/jobs/${encodeURIComponent(handle)}/errors`, parts: [] }),
        interpret: ({ json }) =>
          errorsSchema
            .safeParse(json)
            .data?.errors.map(({ row }) => ({ part: row, verdict: verdict.refused('bad_row') })),
      },
      pollAfterMs: 1_000,
      mostMs: 600_000,
    },
  })
}

function stateOf({ json, status }: VendorResponse) {
  if (status === 404) return { kind: 'failed', verdict: verdict.retry('job_lost') } as const
  const { again, state } = stateSchema.safeParse(json).data ?? {}
  if (state === 'done') return { kind: 'done' } as const
  if (state === 'broken') return { kind: 'failed', verdict: verdict.retry('job_broken') } as const
  if (state === 'refused') return { kind: 'failed', verdict: verdict.refused('job_refused') } as const
  return { kind: 'running', ...(again === undefined ? {} : { pollAfterMs: again }) } as const
}

export const bulkConnector = defineConnector({
  id: 'bulk',
  name: 'Bulk',
  api: '^1',
  vendor: 'Test',
  categories: ['Test'],
  icon: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  changelog: [{ version: '1.0.0', date: '2026-11-30', notes: 'Is new.' }],
  docs: {
    summary: 'For tests of jobs.',
    requirements: ['Nothing.'],
    links: [{ title: 'Bulk', url: 'https://bulk.test/docs' }],
  },
  settings: z.object({
    endpoint: z
      .url()
      .meta({ title: 'Endpoint', description: 'Where it is.', examples: ['https://bulk.test'] }),
  }),
  auth: noAuth,
  baseUrl: ({ endpoint }) => String(endpoint),
  rateLimits: [],
  errorCatalogue: { bad_row: 'data', job_lost: 'transient', job_broken: 'transient', job_refused: 'data' },
  testConnection: {
    plan: () => ({ method: 'GET', path: '/', parts: [] }),
    interpret: (response) => verdictByStatus(response),
  },
  actions: { 'upload-users': upload('set'), 'upload-events': upload('append') },
})
