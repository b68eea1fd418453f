/** What people type to find something, for SQL's LIKE. */

/** So many words count; nobody types more to find a name. */
const mostWords = 20

/** A pattern for each word: something is found when it has all of them, in any order and case. */
export function patternsOf(search: string): string[] {
  const words = search.split(/\s+/).filter((word) => word !== '')
  return words.slice(0, mostWords).map((word) => `%${literally(word)}%`)
}

/** The database takes these for wildcards. */
export function literally(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
