/** Profiles by e-mail or phone. Built at the first look-up, since most runs address users by external id only. */
import type { Profile } from './profile.ts'

export interface AddressIndex {
  find(address: string): readonly Profile[]
  /** To be told of every change of the field, `undefined` for none. */
  changed(profile: Profile, before: unknown, after: unknown): void
}

export function createAddressIndex(field: 'email' | 'phone', all: () => Iterable<Profile>): AddressIndex {
  let byAddress: Map<string, Set<Profile>> | undefined

  function add(index: Map<string, Set<Profile>>, profile: Profile, address: unknown): void {
    if (typeof address !== 'string') return
    const key = address.toLowerCase()
    const profiles = index.get(key)
    if (profiles === undefined) index.set(key, new Set([profile]))
    else profiles.add(profile)
  }

  return {
    find(address) {
      if (byAddress === undefined) {
        byAddress = new Map()
        for (const profile of all()) add(byAddress, profile, profile.attributes[field])
      }
      return [...(byAddress.get(address.toLowerCase()) ?? [])]
    },
    changed(profile, before, after) {
      if (byAddress === undefined || before === after) return
      if (typeof before === 'string') byAddress.get(before.toLowerCase())?.delete(profile)
      add(byAddress, profile, after)
    },
  }
}
