/** Asks the API of a server that runs for real, as its owner. */
import type { Answer } from './app.ts'

export interface ApiClient {
  ask(document: string, variables?: object): Promise<Answer>
  /** The data; fails where GraphQL answers with errors. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the document's
  data(document: string, variables?: object): Promise<any>
}

export function createApiClient({ url, token }: { readonly url: string; readonly token: string }): ApiClient {
  async function ask(query: string, variables: object = {}): Promise<Answer> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    })
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) }
  }
  return {
    ask,
    async data(document, variables) {
      const { data, errors } = await ask(document, variables)
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
      return data
    },
  }
}
