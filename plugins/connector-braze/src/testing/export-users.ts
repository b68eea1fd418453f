/** POST /users/export/ids: reads profiles back, with empty fields left out. */
import type { JsonObject } from './json-object.ts'
import { failure, type Outcome } from './outcome.ts'
import { type Alias, brazeIdOf, type Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'
import { viewsOf } from './tally.ts'

const maxIds = 50
const keepEventsMs = 90 * 24 * 3_600_000
const standardFields: ReadonlySet<string> = new Set([
  'country',
  'dob',
  'email',
  'email_subscribe',
  'first_name',
  'gender',
  'home_city',
  'language',
  'last_name',
  'phone',
  'push_subscribe',
  'push_tokens',
  'time_zone',
])
// Taken by /users/track as standard fields, but not exported.
const notExported: ReadonlySet<string> = new Set([
  'date_of_first_session',
  'date_of_last_session',
  'marked_email_as_spam_at',
  'email_open_tracking_disabled',
  'email_click_tracking_disabled',
  'current_location',
  'subscription_groups',
])

export interface ExportDeps {
  readonly store: ProfileStore
  readonly now: () => number
}

export function createExportUsers({ store, now }: ExportDeps) {
  return function exportUsers(body: JsonObject): Outcome {
    const externalIds = textsOf(body['external_ids'])
    const aliases = (Array.isArray(body['user_aliases']) ? body['user_aliases'] : []) as readonly Alias[]
    if (externalIds.length + aliases.length > maxIds) {
      return failure(400, 'The max number of external_ids and aliases per request was exceeded')
    }
    const fields = body['fields_to_export']
    if (!Array.isArray(fields)) return failure(400, "'fields_to_export' is required")
    const { braze_id: brazeId, email_address: email, phone } = body
    const byId = externalIds.map((id) => [id, store.byExternalId(id)] as const)
    const found = new Set<Profile | undefined>([
      ...byId.map(([, profile]) => profile),
      ...aliases.map((alias) => store.byAlias(alias)),
      ...(typeof brazeId === 'string' ? [store.byBrazeId(brazeId)] : []),
      ...(typeof email === 'string' ? store.byAddress('email', email) : []),
      ...(typeof phone === 'string' ? store.byAddress('phone', phone) : []),
    ])
    const users = [...found].filter((profile) => profile !== undefined)
    const invalid = byId.filter(([, profile]) => profile === undefined).map(([id]) => id)
    return {
      status: 201,
      body: {
        message: 'success',
        users: users.map((profile) => exported(profile, new Set(textsOf(fields)), now())),
        ...(invalid.length > 0 ? { invalid_user_ids: invalid } : {}),
      },
      objects: 0,
    }
  }
}

function exported(profile: Profile, fields: ReadonlySet<string>, now: number): JsonObject {
  const standard: Record<string, unknown> = {}
  const custom: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(profile.attributes)) {
    if (value === null || value === undefined || notExported.has(name)) continue
    const target = standardFields.has(name) ? standard : custom
    target[name] = value
  }
  const { current_location: place } = profile.attributes as { current_location?: JsonObject }
  const events = viewsOf(profile.events, now - keepEventsMs)
  const purchases = viewsOf(profile.purchases, now - keepEventsMs)
  const everything: JsonObject = {
    ...standard,
    external_id: profile.externalId,
    braze_id: brazeIdOf(profile),
    created_at: new Date(profile.createdAt).toISOString().replace('T', ' ').replace('Z', ' UTC'),
    user_aliases: profile.aliases.length > 0 ? profile.aliases : undefined,
    custom_attributes: Object.keys(custom).length > 0 ? custom : undefined,
    custom_events: events.length > 0 ? events : undefined,
    purchases: purchases.length > 0 ? purchases : undefined,
    total_revenue: profile.purchases === undefined ? undefined : profile.revenue,
    last_coordinates: place === undefined ? undefined : [place['longitude'], place['latitude']],
  }
  return Object.fromEntries(
    Object.entries(everything).filter(([name, value]) => fields.has(name) && value !== undefined),
  )
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
