/** A small client of the public GraphQL API: the demo is set up through it, as any frontend would. */
import { internalError } from '../problems/rules.ts'

/** Runs a document; fails with the API's own words when it answers with errors. */
export type GraphqlClient = <Data>(
  document: string,
  variables?: Readonly<Record<string, unknown>>,
) => Promise<Data>

/** The API refused what we asked, or could not answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code = 'api_error'
  /** It did not get as far as judging what we asked: the same may be answered later. */
  readonly mayPass: boolean
  constructor(message: string, { mayPass, cause }: { readonly mayPass: boolean; readonly cause?: unknown }) {
    super(message, { cause })
    this.mayPass = mayPass
  }
}

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly {
    readonly message: string
    readonly extensions?: { readonly code?: string }
  }[]
}

/** What the server answers while its database does not answer it. */
const unavailable = 503

export function createGraphqlClient({
  url,
  token,
}: {
  readonly url: string
  readonly token: string
}): GraphqlClient {
  async function ask(query: string, variables: object): Promise<Answer & { readonly status: number }> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      })
      return { status: response.status, ...((await response.json()) as Answer) }
    } catch (cause) {
      // It is not there, or went while it answered.
      throw new ApiError(`The API at ${url} does not answer.`, { mayPass: true, cause })
    }
  }
  return async (document, variables = {}) => {
    const { status, data, errors = [] } = await ask(document, variables)
    if (errors.length > 0) {
      const mayPass =
        status === unavailable || errors.every(({ extensions }) => extensions?.code === internalError)
      throw new ApiError(errors.map(({ message }) => message).join('\n'), { mayPass })
    }
    return data as never
  }
}
