/** When deliveries were planned and when they were over, from the API. */
import type { GraphqlClient } from '../server/start/graphql-client.ts'

export interface DeliveryTimes {
  readonly id: string
  readonly delivered: number
  readonly createdAt: number
  readonly completedAt: number
}

export interface Times {
  readonly publishedAt: number
  /** The latest hundred, newest first. */
  readonly deliveries: readonly DeliveryTimes[]
}

interface Answer {
  readonly workspaces: readonly {
    readonly liveVersion: { readonly publishedAt: string }
    readonly deliveries: {
      readonly edges: readonly {
        readonly node: {
          readonly id: string
          readonly delivered: number
          readonly createdAt: string
          readonly completedAt: string | null
        }
      }[]
    }
  }[]
}

/** Epoch milliseconds; null while one of the deliveries is not over: its last outcome is known a moment before. */
export async function deliveryTimes(api: GraphqlClient): Promise<Times | null> {
  const { workspaces } = await api<Answer>(`{
    workspaces {
      liveVersion { publishedAt }
      deliveries(first: 100) { edges { node { id delivered createdAt completedAt } } }
    }
  }`)
  const nodes = workspaces.flatMap(({ deliveries }) => deliveries.edges.map(({ node }) => node))
  const over = nodes.flatMap(({ completedAt, createdAt, ...node }) =>
    completedAt === null
      ? []
      : [{ ...node, createdAt: Date.parse(createdAt), completedAt: Date.parse(completedAt) }],
  )
  if (over.length < nodes.length) return null
  const published = workspaces.map(({ liveVersion }) => Date.parse(liveVersion.publishedAt))
  return { publishedAt: Math.min(...published), deliveries: over }
}
