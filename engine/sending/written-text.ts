/** A text as it is written within a URL, and within a text of JSON. */

/** Halves of pairs, which no encoding has, are what `URLSearchParams` makes of them too. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** Without the quotes around it. */
export function withinJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
