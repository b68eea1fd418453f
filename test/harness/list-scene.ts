/** A workspace with the list connector and an action that needs a list of its own. */
import { createRegistry } from '../../server/registry/registry.ts'
import type { TestApp } from './app.ts'
import { listConnector } from './list-connector.ts'
import { realPlugins } from './real-plugins.ts'
import { seed } from './seed.ts'

const [sources, connectors] = [realPlugins.sources(), realPlugins.connectors()]

export const pluginsWithLists = createRegistry({
  connectors: [...connectors, { definition: listConnector, packageName: 'lists', packageVersion: '1.0.0' }],
  sources,
  unavailable: [],
})

const mappings = [
  { parameter: 'email', from: { kind: 'attribute', attribute: 'email' } },
  { parameter: 'origin', from: { kind: 'prepared', output: 'listId' } },
]

export function seedListAction(app: TestApp, url: string, type = 'add-member') {
  return seed(app)
    .workspace()
    .csvSource()
    .segment()
    .connector({ endpoint: url, apiKey: 'canary-list-key-31f0' }, { type: 'lists' })
    .action(mappings, { type })
    .create()
}

/** The row's own id within a global one. */
export function rowIdOf(globalId: string): string {
  return globalId.slice(globalId.indexOf('_') + 1)
}

export async function prepareAction(app: TestApp, id: string, repeatUnknown = false) {
  const { data, errors } = await app.ask(
    `mutation ($input: PrepareActionInput!) {
      prepareAction(input: $input) {
        __typename
        ... on Action { preparation { state errorCode attempts } }
        ... on NotPrepared { errorCode }
        ... on Problem { code message }
        ... on InvalidInput { issues { path code } }
      }
    }`,
    { input: { id, repeatUnknown } },
  )
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data.prepareAction
}
