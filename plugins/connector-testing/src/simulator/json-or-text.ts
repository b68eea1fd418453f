/** A body as people look at it: parsed where it is JSON, else its text, a form for example. */

export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Vendors take other bodies too.
    return text
  }
}
