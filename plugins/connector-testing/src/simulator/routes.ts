/** Which endpoint a method and a path lead to. A segment in braces takes any text, which the endpoint is given. */

export interface Match<Endpoint> {
  readonly endpoint: Endpoint
  /** The text in place of the braces; empty where the path has none. */
  readonly name: string
}

/** By method and path, such as `PUT /catalogs/{name}/items`, with at most one segment in braces. */
export function createRoutes<Endpoint>(routes: Readonly<Record<string, Endpoint>>) {
  const plain = new Map<string, Match<Endpoint>>()
  const named: { readonly before: string; readonly after: string; readonly endpoint: Endpoint }[] = []
  for (const [route, endpoint] of Object.entries(routes)) {
    const [before = '', after] = route.split(/\{\w+\}/)
    if (after === undefined) plain.set(route, { endpoint, name: '' })
    else named.push({ before, after, endpoint })
  }

  return (method: string, path: string): Match<Endpoint> | undefined => {
    const asked = `${method} ${path}`
    const match = plain.get(asked)
    if (match !== undefined) return match
    for (const { before, after, endpoint } of named) {
      if (!asked.startsWith(before) || !asked.endsWith(after)) continue
      const segment = asked.slice(before.length, asked.length - after.length)
      if (segment !== '' && !segment.includes('/')) return { endpoint, name: decoded(segment) }
    }
    return undefined
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
