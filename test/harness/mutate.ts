/** Runs a mutation of the API by its name; a problem that it answers with fails the test. */
import type { SeedableApp, Seeded } from './seed.ts'

const revisioned =
  /^(?!revert)\w*?(Workspace|DataSourceConnection|DataSource|Attribute|Segment|Connector|Action|Template|(?<!^delete)Label)$/
const ofWorkspaces: readonly string[] = ['stopAll', 'resumeAll', 'enableConnectors', 'disableConnectors']

/** Its id, and the revision that the next edit sends back; a version's number comes as `number`. */
export async function mutate(
  app: Pick<SeedableApp, 'ask'>,
  verb: string,
  input: object,
): Promise<Seeded & { readonly number?: number }> {
  const type = ofWorkspaces.includes(verb) ? 'Workspace' : revisioned.exec(verb)?.[1]
  const result = type === undefined ? '... on Version { id number }' : `... on ${type} { id revision }`
  const problems = verb === 'publishVersion' ? '... on NotPublishable { problems { path code } }' : ''
  const { data, errors } = await app.ask(
    `mutation ($input: ${verb[0]?.toUpperCase()}${verb.slice(1)}Input!) {
      ${verb}(input: $input) {
        __typename
        ... on Problem { code message }
        ... on InvalidInput { issues { path code message } }
        ${problems}
        ${result}
      }
    }`,
    { input },
  )
  const { __typename, ...answer } = data?.[verb] ?? {}
  if (errors !== undefined || 'code' in answer) {
    throw new Error(`${verb} failed: ${JSON.stringify(errors ?? { __typename, ...answer })}`)
  }
  return answer
}
