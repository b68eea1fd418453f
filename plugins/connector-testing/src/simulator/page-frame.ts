/** The frame of a simulator's page: totals and a table, refreshing itself, with nothing loaded from elsewhere. */

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

export interface PageFrame {
  /** Whom it stands in for. */
  readonly vendor: string
  readonly totals: Readonly<Record<string, number>>
  /** HTML below the totals. */
  readonly content: string
}

export function framePage({ content, totals, vendor }: PageFrame): string {
  const name = escapeHtml(vendor)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="2">
<title>${name} simulator</title>
<style>${style}</style>
</head>
<body>
<h1>${name} simulator</h1>
<p>Stands in for ${name} on this machine. What it received is kept in memory only.</p>
<dl>
${Object.entries(totals)
  .map(([title, value]) => `<div><dt>${escapeHtml(title)}</dt><dd>${value.toLocaleString('en')}</dd></div>`)
  .join('\n')}
</dl>
${content}
</body>
</html>
`
}

/** `rows` are cells of HTML. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<table>
<thead><tr>${head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')}
</tbody>
</table>`
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
