/** What the command `sluice` asks of the API. */
import { createGraphqlClient, type GraphqlClient } from '../start/graphql-client.ts'
import type { Surroundings } from './surroundings.ts'
import { UsageError } from './surroundings.ts'

export interface ApiProblem {
  readonly code: string
  readonly message: string
  readonly issues?: readonly ApiIssue[]
  readonly problems?: readonly (ApiIssue & { readonly nodeId: string })[]
}

export interface ApiIssue {
  readonly path: readonly string[]
  readonly code: string
  readonly message: string
  readonly line: number | null
  readonly column: number | null
}

export interface Change {
  readonly part: string
  readonly name: string
  readonly change: 'CREATED' | 'UPDATED' | 'DELETED'
  readonly fields: readonly {
    readonly path: readonly string[]
    readonly change: 'ADDED' | 'REMOVED' | 'UPDATED'
    readonly before: unknown
    readonly after: unknown
  }[]
}

export interface Comparison {
  readonly changes: readonly Change[]
  readonly others: readonly { readonly part: string; readonly name: string }[]
  readonly variables: readonly { readonly name: string; readonly isSet: boolean }[]
  readonly fingerprint: string
}

export interface Document {
  readonly workspaceId: string
  readonly configuration: unknown
  readonly deleteOthers: boolean
}

const problem = `__typename
  ... on Problem { code message }
  ... on InvalidInput { issues { path code message line column } }`

/** An answer of the API that is a problem. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code = 'refused'
  readonly problem: ApiProblem
  constructor(problem: ApiProblem) {
    super(problem.message)
    this.problem = problem
  }
}

export function createApi({ url, token }: Pick<Surroundings, 'url' | 'token'>) {
  const ask = createGraphqlClient({ url, token })
  return {
    workspaceId: (wanted: string | undefined) => findWorkspace(ask, wanted),
    async configuration(id: string, of: string | undefined): Promise<unknown> {
      const { workspace } = await ask<{
        readonly workspace: { readonly configuration: Answer<{ document: unknown }> }
      }>(
        `query ($id: ID!, $of: ID) { workspace(id: $id) { configuration(of: $of) {
          ${problem} ... on Configuration { document }
        } } }`,
        { id, of },
      )
      return orRefused(workspace.configuration).document
    },
    async compare(input: Document): Promise<Comparison> {
      const { compareConfiguration } = await ask<{ readonly compareConfiguration: Answer<Comparison> }>(
        `query ($workspaceId: ID!, $configuration: JSON!, $deleteOthers: Boolean!) {
          compareConfiguration(
            workspaceId: $workspaceId, configuration: $configuration, deleteOthers: $deleteOthers
          ) {
            ${problem}
            ... on ConfigurationComparison {
              changes { part name change fields { path change before after } }
              others { part name } variables { name isSet } fingerprint
            }
          }
        }`,
        { ...input },
      )
      return orRefused(compareConfiguration)
    },
    /** Returns the fingerprint of the working copy after it. */
    async apply(input: Document & Apply): Promise<string> {
      const { applyConfiguration } = await ask<{
        readonly applyConfiguration: Answer<{ readonly fingerprint: string }>
      }>(
        `mutation ($input: ApplyConfigurationInput!) {
          applyConfiguration(input: $input) { ${problem} ... on Workspace { fingerprint } }
        }`,
        { input },
      )
      return orRefused(applyConfiguration).fingerprint
    },
    /** Returns the number of the version. */
    async publish(input: Publish): Promise<number> {
      const { publishVersion } = await ask<{ readonly publishVersion: Answer<{ readonly number: number }> }>(
        `mutation ($input: PublishVersionInput!) { publishVersion(input: $input) {
          ${problem} ... on NotPublishable { problems { nodeId path code message line column } }
          ... on Version { number }
        } }`,
        { input },
      )
      return orRefused(publishVersion).number
    },
  }
}

export type Api = ReturnType<typeof createApi>

interface Apply {
  readonly dryRun: boolean
  readonly fingerprint: string
  readonly secrets: readonly { readonly variable: string; readonly value: string }[]
}

interface Publish {
  readonly workspaceId: string
  readonly notes: string
  readonly fingerprint: string
}

type Answer<Result> = Result | ApiProblem

function orRefused<Result extends object>(answer: Answer<Result>): Result {
  if ('code' in answer && 'message' in answer) throw new Refused(answer as ApiProblem)
  return answer as Result
}

/** By name or id; the only one there is, where nobody says. */
async function findWorkspace(ask: GraphqlClient, wanted: string | undefined): Promise<string> {
  const { workspaces } = await ask<{
    readonly workspaces: readonly { readonly id: string; readonly name: string }[]
  }>('{ workspaces { id name } }')
  const found = workspaces.filter(({ id, name }) => wanted === undefined || wanted === id || wanted === name)
  const [only] = found
  if (only !== undefined && found.length === 1) return only.id
  const names = workspaces.map(({ name }) => `"${name}"`).join(', ')
  if (workspaces.length === 0) throw new UsageError('The token covers no workspace.')
  throw new UsageError(
    wanted === undefined
      ? `There are several workspaces: say which one with --workspace. They are ${names}.`
      : `There is no workspace "${wanted}". There are ${names}.`,
  )
}
