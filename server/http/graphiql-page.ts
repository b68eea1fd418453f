/** GraphiQL, served from this machine: the page, its cookie and a policy that lets it load nothing from elsewhere. */
import type { BrowserSession } from '../access/browser-session.ts'

/** What the page may do; `host` is a name of our own. Not every browser counts WebSockets among 'self'. */
const policyFor = (host: string) =>
  [
    "default-src 'none'",
    "script-src 'unsafe-inline' blob:",
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const firstQuery = `# What is installed. Ctrl-Enter runs the query.
{
  connectorTypes {
    id
    name
    actions { type title }
  }
  sourceTypes {
    id
    name
  }
}
`

export function isPageRequest({ method, headers }: Request): boolean {
  return method === 'GET' && (headers.get('accept') ?? '').includes('text/html')
}

export async function graphiqlPage(session: BrowserSession, host: string): Promise<Response> {
  // Nine megabytes of source: loaded by the first who opens the page.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const page = renderGraphiQL({
    title: 'Sluice',
    defaultQuery: firstQuery,
    subscriptionsProtocol: 'WS',
    credentials: 'same-origin',
  })
  return new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'set-cookie': session.cookie(),
      'content-security-policy': policyFor(host),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  })
}
