/** A small client of the public GraphQL API: the demo is set up through it, as any frontend would. */

/** Runs a document; fails with the API's own words when it answers with errors. */
export type GraphqlClient = <Data>(
  document: string,
  variables?: Readonly<Record<string, unknown>>,
) => Promise<Data>

/** The API refused what we asked. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code = 'api_error'
}

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string }[]
}

export function createGraphqlClient({
  url,
  token,
}: {
  readonly url: string
  readonly token: string
}): GraphqlClient {
  return async (document, variables = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, variables }),
    })
    const { data, errors } = (await response.json()) as Answer
    if (errors !== undefined && errors.length > 0) {
      throw new ApiError(errors.map(({ message }) => message).join('\n'))
    }
    return data as never
  }
}
