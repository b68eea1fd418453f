/** Limits on documents: generous for people and tools, closed to documents made to exhaust the server. */
import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor'

export const maxDepth = 16
export const maxAliases = 50
export const maxTokens = 4000
export const maxDirectives = 50
/** Bytes of a request. */
export const maxRequestBytes = 1_000_000

export function createLimits() {
  return EnvelopArmorPlugin({
    maxDepth: { n: maxDepth },
    maxAliases: { n: maxAliases },
    maxTokens: { n: maxTokens },
    maxDirectives: { n: maxDirectives },
    costLimit: { enabled: false },
    // Callers have a token and may introspect: hiding names would only make errors worse.
    blockFieldSuggestion: { enabled: false },
  })
}
