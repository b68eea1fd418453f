/** What a connector is: data plus pure functions. The host does everything that touches the world. */
import type { z } from 'zod'
import type { ActionDefinition } from './action.ts'
import type { Auth } from './auth.ts'
import { type Branded, brand } from './brand.ts'
import type { RequestPlan, VendorResponse } from './exchange.ts'
import type { PublicSettings } from './form.ts'
import type { RateLimit } from './limits.ts'
import type { ChangelogEntry, DataKind, Deprecation, PageLink, Terms } from './page.ts'
import type { PlanContext } from './plan.ts'
import type { Verdict } from './verdicts.ts'

/**
 * The class under which a vendor's code is counted: the record's own fault, too fast, credentials or
 * configuration, passing, or over a limit.
 *
 * @example
 * ```ts
 * errorCatalogue: { invalid_email: 'data', account_suspended: 'setup' }
 * ```
 */
export type ErrorClass = 'data' | 'throttle' | 'setup' | 'transient' | 'limit'

/**
 * A vendor as data and pure functions: its page in the marketplace, its settings, and its actions.
 *
 * @example
 * ```ts
 * export default defineConnector({
 *   id: 'acme',
 *   name: 'Acme',
 *   api: '^1.0.0',
 *   vendor: 'Acme',
 *   categories: ['CRM'],
 *   docs: {
 *     summary: 'Keeps users at Acme.',
 *     requirements: ['An API key.'],
 *     links: [{ title: 'Acme: users', url: 'https://acme.example/docs' }],
 *   },
 *   settings: z.object({ apiKey: secret({ title: 'API key', description: 'From your account page.' }) }),
 *   auth: bearer('apiKey'),
 *   baseUrl: () => 'https://api.acme.example',
 *   rateLimits: [],
 *   errorCatalogue: { user_unknown: 'data' },
 *   testConnection: {
 *     plan: () => ({ method: 'GET', path: '/me', parts: [] }),
 *     interpret: (response) => verdictByStatus(response),
 *   },
 *   actions: { 'add-user': addUser },
 * })
 * ```
 */
export interface ConnectorDefinition<Settings extends z.ZodObject = z.ZodObject> {
  /** Unique, kebab-case, for ever: it names the type in saved configuration. */
  readonly id: string
  readonly name: string
  /** The semver range of SDK versions it was written for. */
  readonly api: string
  readonly vendor: string
  readonly categories: readonly string[]
  /** An SVG document of shapes, or a PNG as a data URI; at most 32 KiB. */
  readonly icon?: string
  /** What its actions can be fed with. Default: `records`. */
  readonly dataKinds?: readonly DataKind[]
  /** Why it should not be used any more; a text alone is `functional`. */
  readonly deprecated?: string | Deprecation
  /** What changed, the newest version first. */
  readonly changelog?: readonly ChangelogEntry[]
  readonly docs: {
    readonly summary: string
    readonly requirements: readonly string[]
    /** How an account is set up, step by step. */
    readonly instructions?: readonly string[]
    readonly links: readonly PageLink[]
    /** Nobody makes a connector without agreeing to them. */
    readonly terms?: Terms
  }
  readonly settings: Settings
  /** How requests prove themselves; made of the settings, without their secrets, where people choose the way. */
  readonly auth: Auth | ((settings: PublicSettings) => Auth)
  /** Where requests go. The host allows this host and no other. */
  baseUrl(settings: PublicSettings): string
  readonly rateLimits: readonly RateLimit[]
  /** The vendor codes that may be stored; anything else is stored as a keyed fingerprint. */
  readonly errorCatalogue: Readonly<Record<string, ErrorClass>>
  /** A request that changes nothing and proves that the settings work. */
  readonly testConnection: {
    plan(context: PlanContext): RequestPlan
    interpret(response: VendorResponse): Verdict
  }
  readonly actions: Readonly<Record<string, ActionDefinition>>
}

/**
 * What {@link defineConnector} makes: a definition that a host takes.
 *
 * @example
 * ```ts
 * const connector: Connector = defineConnector(definition)
 * ```
 */
export type Connector = Branded<ConnectorDefinition, 'connector'>

/**
 * Declares a connector: the default export of a package with `"sluice": { "role": "connector" }`.
 *
 * @example
 * ```ts
 * export default defineConnector({
 *   ...page,
 *   settings,
 *   auth: bearer('apiKey'),
 *   baseUrl,
 *   testConnection,
 *   actions: { 'add-user': addUser },
 * })
 * ```
 */
export function defineConnector<Settings extends z.ZodObject>(
  definition: ConnectorDefinition<Settings>,
): Connector {
  return brand('connector', definition as unknown as ConnectorDefinition)
}
