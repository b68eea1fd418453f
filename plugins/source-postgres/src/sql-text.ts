/** Identifiers and literals as SQL text. */

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Every transaction has `standard_conforming_strings`: a backslash is a character like any other. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
