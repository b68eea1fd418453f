/** The settings of a Braze connector. */
import { secret, z } from '@sluice/connector-sdk'

export const settings = z.object({
  endpoint: z
    .url({
      protocol: /^https?$/,
      error: 'Give the REST endpoint as a URL, such as https://rest.iad-01.braze.com',
    })
    .check(({ value, issues }) => {
      if (!URL.canParse(value)) return
      if (!/^(sdk|dashboard(-\d+)?)\..*braze\.(com|eu)$/.test(new URL(value).hostname)) return
      issues.push({
        code: 'custom',
        message: 'This is the address of the SDK or of the dashboard. The REST endpoint begins with "rest.".',
        input: undefined,
      })
    })
    .meta({
      title: 'REST endpoint',
      description:
        "Address of your workspace's REST API. Braze shows it under Settings, APIs and Identifiers.",
      examples: ['https://rest.iad-01.braze.com', 'https://rest.fra-01.braze.eu'],
    }),
  apiKey: secret({
    title: 'REST API key',
    description: 'A key with the permission users.track and those that the actions in use need.',
  }),
  objectLimit: z
    .enum(['combined', 'each'])
    .optional()
    .meta({
      title: 'Objects a request',
      description:
        'How Braze counts the 75 objects of a request to track users: "combined" attributes, events and purchases together, or, by older contracts, 75 of "each". Combined if empty.',
      examples: ['combined', 'each'],
    }),
})

/** Scheme, host and port: no trailing slash, which Braze may answer with 403, and no path. */
export function baseUrl({ endpoint }: Readonly<Record<string, unknown>>): string {
  return new URL(String(endpoint)).origin
}
