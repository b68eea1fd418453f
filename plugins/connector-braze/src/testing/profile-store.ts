/** The profiles of the simulated workspace, and the ways to find them. */
import { type AddressIndex, createAddressIndex } from './address-index.ts'
import type { Alias, Profile } from './profile.ts'

export interface NewProfile {
  readonly externalId?: string
  readonly alias?: Alias
}

export interface ProfileStore {
  readonly size: number
  /** Distinct users that requests have stored, deleted ones included. */
  readonly receivedUsers: number
  all(): IterableIterator<Profile>
  create(identity: NewProfile): Profile
  byExternalId(externalId: string): Profile | undefined
  byBrazeId(brazeId: string): Profile | undefined
  byAlias(alias: Alias): Profile | undefined
  /** Those with the e-mail or phone, the most recently updated one first. */
  byAddress(field: 'email' | 'phone', address: string): readonly Profile[]
  setAttribute(profile: Profile, name: string, value: unknown): void
  removeAttribute(profile: Profile, name: string): void
  touch(profile: Profile): void
  /** For a profile without an external id, and an id that nobody has. */
  giveExternalId(profile: Profile, externalId: string): void
  addAlias(profile: Profile, alias: Alias): void
  delete(profile: Profile): void
}

const noAliases: readonly Alias[] = []

export function createProfileStore(now: () => number): ProfileStore {
  const byNumber = new Map<number, Profile>()
  const byExternalId = new Map<string, Profile>()
  const byAlias = new Map<string, Profile>()
  // A user that is deleted and comes back is still one user.
  const deletedIds = new Set<string>()
  let created = 0
  let returned = 0
  let writes = 0
  const all = () => byNumber.values()
  const addresses: Readonly<Record<string, AddressIndex>> = {
    email: createAddressIndex('email', all),
    phone: createAddressIndex('phone', all),
  }
  const aliasKey = (alias: Alias) => JSON.stringify([alias.alias_label, alias.alias_name])

  return {
    get size() {
      return byNumber.size
    },
    get receivedUsers() {
      return created - returned
    },
    all,
    create({ externalId, alias }) {
      created += 1
      const profile: Profile = {
        number: created,
        externalId,
        aliases: alias === undefined ? noAliases : [alias],
        createdAt: now(),
        attributes: {},
        events: undefined,
        purchases: undefined,
        revenue: 0,
        updated: 0,
      }
      byNumber.set(profile.number, profile)
      if (externalId !== undefined) {
        byExternalId.set(externalId, profile)
        if (deletedIds.delete(externalId)) returned += 1
      }
      if (alias !== undefined) byAlias.set(aliasKey(alias), profile)
      return profile
    },
    byExternalId: (externalId) => byExternalId.get(externalId),
    byBrazeId: (brazeId) =>
      /^[0-9a-f]{24}$/.test(brazeId) ? byNumber.get(Number.parseInt(brazeId, 16)) : undefined,
    byAlias: (alias) => byAlias.get(aliasKey(alias)),
    byAddress: (field, address) =>
      [...(addresses[field]?.find(address) ?? [])].sort((one, other) => other.updated - one.updated),
    setAttribute(profile, name, value) {
      addresses[name]?.changed(profile, profile.attributes[name], value)
      profile.attributes[name] = value
    },
    removeAttribute(profile, name) {
      addresses[name]?.changed(profile, profile.attributes[name], undefined)
      delete profile.attributes[name]
    },
    giveExternalId(profile, externalId) {
      profile.externalId = externalId
      byExternalId.set(externalId, profile)
      if (deletedIds.delete(externalId)) returned += 1
    },
    addAlias(profile, alias) {
      profile.aliases = [...profile.aliases, alias]
      byAlias.set(aliasKey(alias), profile)
    },
    touch(profile) {
      writes += 1
      profile.updated = writes
    },
    delete(profile) {
      byNumber.delete(profile.number)
      for (const alias of profile.aliases) byAlias.delete(aliasKey(alias))
      for (const [field, index] of Object.entries(addresses)) {
        index.changed(profile, profile.attributes[field], undefined)
      }
      if (profile.externalId === undefined) return
      byExternalId.delete(profile.externalId)
      deletedIds.add(profile.externalId)
    },
  }
}
