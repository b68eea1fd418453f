/** The page that lists the profiles received, in pages. */
import { escapeHtml, framePage, table } from '@sluice/connector-testing/simulator'
import { brazeIdOf, type Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'

export interface Totals {
  readonly receivedUsers: number
  readonly profiles: number
  readonly requests: number
  readonly objects: number
}

const pageSize = 50

/** The page of that number, counted from 1; a number beyond the last shows the last. */
export function renderPage(store: ProfileStore, totals: Totals, wanted: number): string {
  const pages = Math.max(1, Math.ceil(store.size / pageSize))
  const page = Math.min(Math.max(1, Number.isInteger(wanted) ? wanted : 1), pages)
  return framePage({
    vendor: 'Braze',
    totals: {
      'Users received': totals.receivedUsers,
      Profiles: totals.profiles,
      Requests: totals.requests,
      'Objects stored': totals.objects,
    },
    content: `${store.size === 0 ? '<p>No profile yet.</p>' : table(['User', 'Attributes', 'Events'], rowsOf(store, page))}
<nav>
${page > 1 ? `<a href="/?page=${page - 1}">Previous</a>` : ''}
<span>Page ${page} of ${pages}</span>
${page < pages ? `<a href="/?page=${page + 1}">Next</a>` : ''}
</nav>`,
  })
}

function rowsOf(store: ProfileStore, page: number): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = []
  let index = 0
  for (const profile of store.all()) {
    if (index >= page * pageSize) break
    if (index >= (page - 1) * pageSize) rows.push(row(profile))
    index += 1
  }
  return rows
}

function row(profile: Profile): readonly string[] {
  const attributes = Object.entries(profile.attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => pair(name, typeof value === 'string' ? value : JSON.stringify(value)))
  const events = [...(profile.events ?? [])].map(([name, { count }]) => pair(name, String(count)))
  return [escapeHtml(nameOf(profile)), attributes.join(''), events.join('')]
}

function nameOf(profile: Profile): string {
  const [alias] = profile.aliases
  if (profile.externalId !== undefined) return profile.externalId
  return alias === undefined ? brazeIdOf(profile) : `${alias.alias_label}: ${alias.alias_name}`
}

function pair(name: string, value: string): string {
  return `<span class="pair"><b>${escapeHtml(name)}</b> ${escapeHtml(value)}</span>`
}
