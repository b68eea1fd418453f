/** The page that lists the profiles received: paged, refreshing itself, with nothing loaded from elsewhere. */
import { brazeIdOf, type Profile } from './profile.ts'
import type { ProfileStore } from './profile-store.ts'

export interface Totals {
  readonly receivedUsers: number
  readonly profiles: number
  readonly requests: number
  readonly objects: number
}

const pageSize = 50

const style = `
  :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 16%, transparent); --soft: color-mix(in srgb, currentColor 60%, transparent) }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2.5rem auto; max-width: 72rem; padding: 0 1.5rem }
  h1 { font-size: 1.5rem; margin: 0 }
  p { color: var(--soft); margin: .25rem 0 1.5rem }
  dl { display: flex; flex-wrap: wrap; gap: 1rem; margin: 0 0 2rem }
  dl div { border: 1px solid var(--line); border-radius: .6rem; padding: .75rem 1.25rem; min-width: 8rem }
  dt { color: var(--soft); font-size: .85rem }
  dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums }
  table { border-collapse: collapse; width: 100%; font-size: .9rem }
  th, td { border-bottom: 1px solid var(--line); padding: .5rem .75rem .5rem 0; text-align: left; vertical-align: top }
  th { color: var(--soft); font-weight: 500 }
  td { overflow-wrap: anywhere }
  .pair { display: inline-block; margin: 0 .9rem .1rem 0 }
  .pair b { font-weight: 500; color: var(--soft) }
  nav { display: flex; gap: 1rem; margin: 1.5rem 0; align-items: baseline }
`

/** The page of that number, counted from 1; a number beyond the last shows the last. */
export function renderPage(store: ProfileStore, totals: Totals, wanted: number): string {
  const pages = Math.max(1, Math.ceil(store.size / pageSize))
  const page = Math.min(Math.max(1, Number.isInteger(wanted) ? wanted : 1), pages)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="2">
<title>Braze simulator</title>
<style>${style}</style>
</head>
<body>
<h1>Braze simulator</h1>
<p>Stands in for Braze on this machine. What it received is kept in memory only.</p>
<dl>
${total('Users received', totals.receivedUsers)}
${total('Profiles', totals.profiles)}
${total('Requests', totals.requests)}
${total('Objects stored', totals.objects)}
</dl>
${store.size === 0 ? '<p>No profile yet.</p>' : table(store, page)}
<nav>
${page > 1 ? `<a href="/?page=${page - 1}">Previous</a>` : ''}
<span>Page ${page} of ${pages}</span>
${page < pages ? `<a href="/?page=${page + 1}">Next</a>` : ''}
</nav>
</body>
</html>
`
}

function total(name: string, value: number): string {
  return `<div><dt>${name}</dt><dd>${value.toLocaleString('en')}</dd></div>`
}

function table(store: ProfileStore, page: number): string {
  const rows: string[] = []
  let index = 0
  for (const profile of store.all()) {
    if (index >= page * pageSize) break
    if (index >= (page - 1) * pageSize) rows.push(row(profile))
    index += 1
  }
  return `<table>
<thead><tr><th>User</th><th>Attributes</th><th>Events</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`
}

function row(profile: Profile): string {
  const attributes = Object.entries(profile.attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => pair(name, typeof value === 'string' ? value : JSON.stringify(value)))
  const events = [...(profile.events ?? [])].map(([name, { count }]) => pair(name, String(count)))
  return `<tr><td>${escapeHtml(nameOf(profile))}</td><td>${attributes.join('')}</td><td>${events.join('')}</td></tr>`
}

function nameOf(profile: Profile): string {
  const [alias] = profile.aliases
  if (profile.externalId !== undefined) return profile.externalId
  return alias === undefined ? brazeIdOf(profile) : `${alias.alias_label}: ${alias.alias_name}`
}

function pair(name: string, value: string): string {
  return `<span class="pair"><b>${escapeHtml(name)}</b> ${escapeHtml(value)}</span>`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
