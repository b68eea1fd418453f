/** What a definition must consist of, so that code that trusts its type is right to. */
import { type ActionDefinition, type Connector, dataKinds, type Source } from '@sluice/connector-sdk'
import semver from 'semver'
import { z } from 'zod'
import { isTimeZone } from '../../engine/reading/time-zone.ts'
import { authShape } from './auth-shape.ts'
import { problemsOf } from './problems-of.ts'

const text = z.string().trim().min(1, 'must be a text')
const callable = z.custom((value) => typeof value === 'function', 'must be a function')
const zodObject = z.custom(isZodObject, "must be a z.object(…) made with the SDK's z")
const pageUrl = z.url({ protocol: /^https?$/, error: 'must be a URL' })
const linkKind = z.enum(['internal', 'external'], 'must be internal or external').optional()
const links = z.array(z.object({ title: text, url: pageUrl, kind: linkKind }))

const deprecation = z.union(
  [text, z.object({ kind: z.enum(['functional', 'full']), reason: text })],
  'must be a text, or a kind (functional or full) with a reason',
)
const change = z.object({
  version: z.string().refine((version) => semver.valid(version) !== null, 'must be a version'),
  date: z.iso.date('must be a day, for example 2026-11-30'),
  notes: text,
})
const dataKind = z.enum(dataKinds, `must be one of ${dataKinds.join(', ')}`)

const connectorShape = z.object({
  id: z.string('must be a text'),
  name: text,
  api: z.string('must be a semver range'),
  vendor: text,
  categories: z.array(text),
  dataKinds: z.array(dataKind).min(1, 'must name at least one').optional(),
  deprecated: deprecation.optional(),
  changelog: z.array(change).optional(),
  docs: z.object({
    summary: text,
    requirements: z.array(text),
    instructions: z.array(text).optional(),
    links,
    terms: z.object({ title: text, url: pageUrl }).optional(),
  }),
  settings: zodObject,
  auth: authShape,
  baseUrl: callable,
  rateLimits: z.array(z.unknown()),
  errorCatalogue: z.record(text, z.enum(['data', 'throttle', 'setup', 'transient', 'limit'])),
  testConnection: z.object({ plan: callable, interpret: callable }),
  actions: z.record(z.string(), z.unknown()),
})

/** What the function makes is looked at with examples: `checkAuth`. */
const connectorShapeWithMadeAuth = connectorShape.extend({ auth: callable })

function shapeOfConnector(value: unknown): z.ZodType {
  const hasMadeAuth =
    typeof value === 'object' && value !== null && 'auth' in value && typeof value.auth === 'function'
  return hasMadeAuth ? connectorShapeWithMadeAuth : connectorShape
}

const outputName = z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,63}$/, 'must be letters and digits')
const mostOutputs = 20
const exchange = z.object({ plan: callable, interpret: callable })
const wholeMs = z.int('must be a whole number').positive('must be at least 1')

const jobShape = z.object({
  submit: callable,
  poll: exchange,
  collect: exchange.optional(),
  pollAfterMs: wholeMs.optional(),
  mostMs: wholeMs.optional(),
})

const actionShape = z.object({
  title: text,
  description: text,
  version: z.int('must be a whole number').positive('must be at least 1'),
  modes: z.array(z.enum(['upsert', 'leave'])).min(1, 'must name at least one mode'),
  parameters: zodObject,
  limits: callable,
  weigh: callable,
  recipient: callable,
  plan: callable,
  interpret: callable.optional(),
  migrations: z.record(z.string(), callable, 'must be functions by version').optional(),
  choices: z.record(z.string(), exchange).optional(),
  prepare: z
    .object({
      outputs: z.array(outputName).min(1, 'must name at least one output').max(mostOutputs),
      isDeduplicated: z.literal(true, 'must be true or left out').optional(),
      plan: callable,
      interpret: callable,
    })
    .optional(),
  capture: callable.optional(),
  job: jobShape.optional(),
})

const sourceShape = z.object({
  id: z.string('must be a text'),
  name: text,
  api: z.string('must be a semver range'),
  docs: z.object({ summary: text, links }),
  settings: zodObject,
  defaultSettleMs: z.int('must be a whole number').nonnegative('must not be negative'),
  dialect: z.object({
    quote: callable,
    parameter: callable,
    text: callable,
    value: callable,
    contains: callable,
    startsWith: callable,
    endsWith: callable,
    nativeType: callable,
  }),
  connect: callable,
})

const limitsShape = z.object({
  weights: z.record(text, z.number().positive('must be greater than 0')),
  bytes: z.int('must be a whole number').min(1, 'must be at least 1'),
  onePerRecipient: z.boolean('must be true or false'),
})

const path = z.string().startsWith('/', 'must begin with a slash')

const most = z.int('must be a whole number').positive('must be at least 1')

export const rateLimitShape = z
  .object({
    scope: z.literal('credential'),
    match: z.union(
      [path, z.array(path).min(1)],
      'must be a path or a list of paths, each beginning with a slash',
    ),
    requests: most,
    perMs: most.optional(),
    perDay: z.string().refine(isTimeZone, 'must be a time zone, for example "UTC"').optional(),
    atOnce: z.literal(true, 'must be true or left out').optional(),
    key: callable.optional(),
    cost: callable.optional(),
  })
  .refine(
    ({ perMs, perDay, atOnce }) => [perMs, perDay, atOnce].filter((each) => each !== undefined).length === 1,
    { error: 'must be given, or perDay or atOnce in its place', path: ['perMs'] },
  )

export const findMissingInConnector = (value: unknown) => problemsOf(shapeOfConnector(value), value)
export const findMissingInSource = (value: unknown) => problemsOf(sourceShape, value)
export const findMissingInAction = (value: unknown) => problemsOf(actionShape, value)
export const findMissingInLimits = (value: unknown) => problemsOf(limitsShape, value)

export const isConnector = (value: unknown): value is Connector =>
  shapeOfConnector(value).safeParse(value).success
export const isSource = (value: unknown): value is Source => sourceShape.safeParse(value).success
export const isAction = (value: unknown): value is ActionDefinition => actionShape.safeParse(value).success

/** By structure, because the plugin may have its own copy of zod. */
function isZodObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('_zod' in value) || !('shape' in value)) return false
  const { def } = value._zod as { readonly def?: { readonly type?: unknown } }
  return def?.type === 'object'
}
